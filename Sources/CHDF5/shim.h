#ifndef EVTWIN_CHDF5_H
#define EVTWIN_CHDF5_H

#include <hdf5.h>
#include <hdf5_hl.h>
#if H5_VERSION_GE(1, 14, 0)
#include <H5FDdevelop.h>
#endif

/* HDF5's constants are macros that call the library, which Swift cannot import: one inline function each. */

static inline hid_t ch5_default_plist(void) { return H5P_DEFAULT; }
static inline hid_t ch5_file_create_class(void) { return H5P_FILE_CREATE; }
static inline hid_t ch5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t ch5_group_create_class(void) { return H5P_GROUP_CREATE; }
static inline hid_t ch5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t ch5_dataset_access_class(void) { return H5P_DATASET_ACCESS; }
static inline unsigned ch5_creation_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }

static inline hid_t ch5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t ch5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t ch5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t ch5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t ch5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t ch5_string(void) { return H5T_C_S1; }
static inline hid_t ch5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t ch5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t ch5_native_float64(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t ch5_native_float32(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t ch5_native_uint8(void) { return H5T_NATIVE_UINT8; }

static inline hid_t ch5_all(void) { return H5S_ALL; }
static inline hsize_t ch5_unlimited(void) { return H5S_UNLIMITED; }
static inline hid_t ch5_error_default(void) { return H5E_DEFAULT; }
static inline unsigned ch5_create_flags(void) { return H5F_ACC_TRUNC; }
static inline unsigned ch5_write_flags(void) { return H5F_ACC_RDWR; }
static inline unsigned ch5_swmr_write_flags(void) { return H5F_ACC_RDWR | H5F_ACC_SWMR_WRITE; }
static inline unsigned ch5_read_flags(void) { return H5F_ACC_RDONLY; }
static inline unsigned ch5_swmr_read_flags(void) { return H5F_ACC_RDONLY | H5F_ACC_SWMR_READ; }
static inline unsigned ch5_truncate_flag(void) { return H5F_ACC_TRUNC; }

/* An open file of our own driver: HDF5's part first, as it demands, then a pointer to ours. */
typedef struct ch5_driver_file {
    H5FD_t base;
    void *owner;
} ch5_driver_file;

/* A driver of one ordinary file, without its functions: the constants differ between 1.10 and 1.14. */
static inline H5FD_class_t ch5_driver_class(void) {
    H5FD_class_t driver = {
#if H5_VERSION_GE(1, 14, 0)
        .version = H5FD_CLASS_VERSION,
        .value = (H5FD_class_value_t)700,
#endif
        .name = "evtwin",
        .maxaddr = (haddr_t)INT64_MAX,
        .fc_degree = H5F_CLOSE_WEAK,
        .fapl_size = sizeof(void *),
        .fl_map = H5FD_FLMAP_DICHOTOMY,
    };
    return driver;
}

static inline unsigned long ch5_driver_features(void) {
    return H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA |
           H5FD_FEAT_SUPPORTS_SWMR_IO | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
}

#endif
