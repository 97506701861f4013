// zlib's streams, for permessage-deflate; its initialisers are macros, which Swift cannot see.
#include <zlib.h>

static inline int evtwin_deflateInit2(z_stream *stream, int level, int windowBits, int memLevel) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, memLevel, Z_DEFAULT_STRATEGY);
}
static inline int evtwin_inflateInit2(z_stream *stream, int windowBits) { return inflateInit2(stream, windowBits); }
