#ifndef EVTWIN_CDEFLATE_H
#define EVTWIN_CDEFLATE_H
#include <libdeflate.h>
#endif
