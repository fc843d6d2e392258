// Preloaded into the program: appends to the file named by SYNC_LOG the path of everything that is flushed to the disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void note(int descriptor) {
    char link[64], path[PATH_MAX + 1];
    const char *log = getenv("SYNC_LOG");
    if (log == NULL) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX);
    if (length < 0) return;
    path[length] = '\n';
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (write(file, path, (size_t)length + 1) < 0) abort();
    close(file);
}

int fdatasync(int descriptor) {
    note(descriptor);
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}

int fsync(int descriptor) {
    note(descriptor);
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}
