#ifndef EVTWIN_CHDF5_H
#define EVTWIN_CHDF5_H
#include <hdf5.h>
#endif
