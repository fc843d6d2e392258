// Preloaded into the program: once the file named by CRASH_AT exists, the n-th fdatasync from then on kills the process,
// n being what the file says. SQLite syncs once for each commit, so a test can stop the program between any two of them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int wanted(void) {
    const char *path = getenv("CRASH_AT");
    FILE *file = path ? fopen(path, "r") : NULL;
    int number = 0;
    if (file == NULL || fscanf(file, "%d", &number) != 1) number = 0;
    if (file != NULL) fclose(file);
    return number;
}

static void count(void) {
    static atomic_int commits;
    int last = wanted();
    if (last > 0 && atomic_fetch_add(&commits, 1) + 1 >= last) kill(getpid(), SIGKILL);
}

int fdatasync(int descriptor) {
    int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = original(descriptor);
    count();
    return result;
}

int fsync(int descriptor) {
    int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = original(descriptor);
    count();
    return result;
}
