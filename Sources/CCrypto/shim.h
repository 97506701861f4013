// OpenSSL's libcrypto; macros that Swift cannot see get an inline function here.
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline STACK_OF(X509) *evtwin_certificates_new(void) { return sk_X509_new_null(); }
// Takes a reference of its own.
static inline int evtwin_certificates_add(STACK_OF(X509) *stack, X509 *certificate) {
    if (!X509_up_ref(certificate)) return 0;
    if (sk_X509_push(stack, certificate)) return 1;
    X509_free(certificate);
    return 0;
}
static inline int evtwin_certificates_count(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *evtwin_certificates_at(const STACK_OF(X509) *stack, int index) { return sk_X509_value(stack, index); }
static inline void evtwin_certificates_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

// The subject's alternative names; free with evtwin_names_free.
static inline GENERAL_NAMES *evtwin_names_of(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}
static inline int evtwin_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
// Text of a DNS name (type GEN_DNS) or bytes of an address (GEN_IPADD); NULL for other kinds of names.
static inline const ASN1_STRING *evtwin_names_at(const GENERAL_NAMES *names, int index, int *type) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    *type = name->type;
    if (name->type == GEN_DNS) return name->d.dNSName;
    if (name->type == GEN_IPADD) return name->d.iPAddress;
    return NULL;
}
static inline void evtwin_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

// Addresses of OCSP responders that a certificate names; free with evtwin_urls_free. NULL when it names none.
static inline STACK_OF(OPENSSL_STRING) *evtwin_ocsp_urls(X509 *certificate) { return X509_get1_ocsp(certificate); }
static inline int evtwin_urls_count(const STACK_OF(OPENSSL_STRING) *urls) { return sk_OPENSSL_STRING_num(urls); }
static inline const char *evtwin_urls_at(const STACK_OF(OPENSSL_STRING) *urls, int index) {
    return sk_OPENSSL_STRING_value(urls, index);
}
static inline void evtwin_urls_free(STACK_OF(OPENSSL_STRING) *urls) { X509_email_free(urls); }
// Whether extended key usages are named and OCSP signing is one of them.
static inline int evtwin_signs_ocsp(X509 *certificate) {
    uint32_t usage = X509_get_extended_key_usage(certificate);
    return usage != UINT32_MAX && (usage & XKU_OCSP_SIGN) != 0;
}

static inline void evtwin_free(void *memory) { OPENSSL_free(memory); }
static inline unsigned long evtwin_rfc2253(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }
// OCSP_basic_sign would put the clock's time here; the caller says the time instead.
static inline int evtwin_ocsp_set_produced_at(OCSP_BASICRESP *response, time_t when) {
    return ASN1_GENERALIZEDTIME_set((ASN1_GENERALIZEDTIME *)OCSP_resp_get0_produced_at(response), when) != NULL;
}
// Whether reading PEM ended because nothing more begins there.
static inline int evtwin_is_no_start_line(unsigned long error) {
    return error == 0 || (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE);
}
