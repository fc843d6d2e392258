// Preloaded into the program: keeps beside the disk what a power cut would leave, for the files below the folder STATE.
//
// DURABLE/inodes/N is the content of a file when it was flushed last; DURABLE/folders/N its folder's path on the first
// line, then "name inode kind" for each entry when the folder was flushed last. A file DURABLE/cut-at holds a number: in
// that flush, counted from then, the power is cut, before anything of it is kept.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long flushes = -1;

static int path_of(int descriptor, char path[PATH_MAX + 1]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX);
    if (length < 0) return 0;
    path[length] = 0;
    const char *state = getenv("STATE");
    return state != NULL && strncmp(path, state, strlen(state)) == 0;
}

static FILE *kept(const char *kind, unsigned long inode, char name[PATH_MAX]) {
    snprintf(name, PATH_MAX, "%s/%s/%lu", getenv("DURABLE"), kind, inode);
    char unfinished[PATH_MAX + 8];
    snprintf(unfinished, sizeof unfinished, "%s.new", name);
    FILE *file = fopen(unfinished, "we");
    if (file == NULL) abort();
    return file;
}

static void finish(FILE *file, const char *name) {
    char unfinished[PATH_MAX + 8];
    snprintf(unfinished, sizeof unfinished, "%s.new", name);
    if (fclose(file) != 0 || rename(unfinished, name) != 0) abort();
}

static void keep_file(const char *path, unsigned long inode) {
    char name[PATH_MAX], piece[65536];
    FILE *copy = kept("inodes", inode, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count;
    while (file >= 0 && (count = read(file, piece, sizeof piece)) > 0) fwrite(piece, 1, (size_t)count, copy);
    if (file >= 0) close(file);
    finish(copy, name);
}

static void keep_folder(const char *path, unsigned long inode) {
    char name[PATH_MAX];
    DIR *folder = opendir(path);
    if (folder == NULL) return;
    FILE *list = kept("folders", inode, name);
    fprintf(list, "%s\n", path);
    struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        fprintf(list, "%s %lu %s\n", entry->d_name, (unsigned long)entry->d_ino, entry->d_type == DT_DIR ? "folder" : "file");
    }
    closedir(folder);
    finish(list, name);
}

static void cut_if_due(void) {
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s/cut-at", getenv("DURABLE"));
    FILE *file = fopen(name, "re");
    if (file == NULL) return;
    long at = 0;
    int found = fscanf(file, "%ld", &at);
    fclose(file);
    if (found != 1) return;
    if (flushes < 0) flushes = 0;
    if (++flushes >= at) raise(SIGKILL);
}

static int flush(int descriptor, int (*real)(int)) {
    char path[PATH_MAX + 1];
    struct stat status;
    if (getenv("DURABLE") == NULL || !path_of(descriptor, path) || fstat(descriptor, &status) != 0) return real(descriptor);
    pthread_mutex_lock(&lock);
    cut_if_due();
    int result = real(descriptor);
    if (result == 0 && S_ISREG(status.st_mode)) keep_file(path, (unsigned long)status.st_ino);
    if (result == 0 && S_ISDIR(status.st_mode)) keep_folder(path, (unsigned long)status.st_ino);
    pthread_mutex_unlock(&lock);
    return result;
}

int fdatasync(int descriptor) { return flush(descriptor, (int (*)(int))dlsym(RTLD_NEXT, "fdatasync")); }
int fsync(int descriptor) { return flush(descriptor, (int (*)(int))dlsym(RTLD_NEXT, "fsync")); }
