#ifndef SURFACES_WEB_PAGES_H
#define SURFACES_WEB_PAGES_H

#include <stddef.h>

/// A file of a web page, or another one, that is part of the program.
struct surfaces_web_file {
    /// For example `playground/index.html`.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    size_t size;
};

extern const size_t surfaces_web_file_count;

/// The file number `index`, from 0; the last one for any number beyond.
struct surfaces_web_file surfaces_web_file_at(size_t index);

#endif
