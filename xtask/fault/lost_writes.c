/* Loaded into the server under test (LD_PRELOAD), so that a power failure can be made without one.
 *
 * Whatever the program flushes (fsync, fdatasync) below the folder CLOVE_FAULT_DATA is copied, as it is at that moment, to the
 * folder CLOVE_FAULT_SHADOW: what a disk would hold if the power failed now and nothing unflushed had reached it. While the
 * file CLOVE_FAULT_REFUSE exists, flushes fail with EIO. With CLOVE_FAULT_FORGET set, all but every fiftieth flush of a write-ahead log is
 * not copied: a disk that lies, to see that the harness notices. Renaming and deleting are taken as durable. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long flushes;

/* The path of a shadow, with the folders above it; 0 if the file does not lie below the data. */
static int shadow_of(const char *path, char *out) {
    const char *data = getenv("CLOVE_FAULT_DATA"), *shadow = getenv("CLOVE_FAULT_SHADOW");
    if (!data || !shadow) return 0;
    size_t length = strlen(data);
    if (strncmp(path, data, length) != 0 || path[length] != '/') return 0;
    if (snprintf(out, PATH_MAX, "%s%s", shadow, path + length) >= PATH_MAX) return 0;
    for (char *slash = out + strlen(shadow) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(out, 0700);
        *slash = '/';
    }
    return 1;
}

static void copy(const char *from, const char *to) {
    char fresh[PATH_MAX + 8];
    snprintf(fresh, sizeof fresh, "%s.fresh", to);
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int whole = in >= 0 && out >= 0;
    char buffer[1 << 16];
    ssize_t got;
    while (whole && (got = read(in, buffer, sizeof buffer)) != 0) whole = got > 0 && write(out, buffer, got) == got;
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    if (!whole || rename(fresh, to) != 0) {
        fprintf(stderr, "lost_writes: cannot copy %s\n", from);
        abort();
    }
}

static int flushed(int file, const char *name) {
    char link[64], path[PATH_MAX + 1], to[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX);
    struct stat info;
    if (length > 0 && fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
        path[length] = 0;
        if (shadow_of(path, to)) {
            const char *refuse = getenv("CLOVE_FAULT_REFUSE");
            if (refuse && access(refuse, F_OK) == 0) {
                errno = EIO;
                return -1;
            }
            pthread_mutex_lock(&lock);
            int is_log = length > 4 && strcmp(path + length - 4, "-wal") == 0;
            if (!(is_log && getenv("CLOVE_FAULT_FORGET") && flushes++ % 50)) copy(path, to);
            pthread_mutex_unlock(&lock);
        }
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file) { return flushed(file, "fsync"); }
int fdatasync(int file) { return flushed(file, "fdatasync"); }

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    int outcome = real(from, to);
    char old[PATH_MAX], fresh[PATH_MAX];
    if (outcome == 0 && shadow_of(from, old) && shadow_of(to, fresh)) real(old, fresh);
    return outcome;
}

int unlink(const char *path) {
    int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    int outcome = real(path);
    char old[PATH_MAX];
    if (outcome == 0 && shadow_of(path, old)) real(old);
    return outcome;
}
