/* What faultshim.c knows of each call: whether it counts, whether it is disturbed, and how it is recorded. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { CREATE = 1, WRITE, TRUNCATE, FSYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR, SYMLINK };
enum { NOTHING = 0, KILL = -1, SHORT = -2 }; /* or an errno */

struct shared { volatile int lock, unused; volatile int64_t calls; };
struct record { uint32_t magic, type; int64_t number, inode, offset; uint32_t path_size, second_size, data_size; int32_t pid; };

static const uint32_t MAGIC = 0x54464c54;
static const off_t SNAPSHOT_LIMIT = 16 << 20;

static struct shared alone, *shared = &alone;
static char root[PATH_MAX];
static size_t root_size;
static int64_t fault_at;
static int fault, sticky, recorder = -1, ready;

static int fault_of(const char *name) {
    if (!name) return NOTHING;
    if (!strcmp(name, "kill")) return KILL;
    if (!strcmp(name, "short")) return SHORT;
    if (!strcmp(name, "enospc")) return ENOSPC;
    return strcmp(name, "eio") ? NOTHING : EIO;
}

static void share_counter(const char *path) {
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (file < 0) return;
    void *memory = mmap(0, 64, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) shared = memory;
    syscall(SYS_close, file);
}

static void open_recorder(const char *path) {
    int file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    recorder = syscall(SYS_fcntl, file, F_DUPFD_CLOEXEC, 700); /* out of the way of programs that count on low numbers */
    syscall(SYS_close, file);
}

static void prepare(void) {
    if (ready) return;
    ready = 1;
    const char *folder = getenv("FAULT_ROOT"), *state = getenv("FAULT_STATE"), *at = getenv("FAULT_AT");
    const char *stays = getenv("FAULT_STICKY"), *record = getenv("FAULT_RECORD");
    if (!folder) return;
    root_size = snprintf(root, sizeof root, "%s", folder);
    if (state) share_counter(state);
    fault_at = at ? atol(at) : 0;
    fault = fault_of(getenv("FAULT_DO"));
    sticky = stays && *stays == '1';
    if (record) open_recorder(record);
}

/* ---- paths ---- */

static int is_below_root(const char *path) {
    return root_size && !strncmp(path, root, root_size) && (path[root_size] == '/' || !path[root_size]);
}

static int path_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (size < 0) return -1;
    path[size] = 0;
    return 0;
}

static int absolute(int folder, const char *path, char *whole) {
    char base[PATH_MAX];
    if (!path) return -1;
    if (path[0] == '/') return snprintf(whole, PATH_MAX, "%s", path), 0;
    if (folder == AT_FDCWD ? syscall(SYS_getcwd, base, sizeof base) < 0 : path_of(folder, base)) return -1;
    return snprintf(whole, PATH_MAX, "%s/%s", base, path), 0;
}

static int64_t inode_of(const char *path) {
    struct stat about;
    return lstat(path, &about) ? -1 : (int64_t)about.st_ino;
}

static int64_t inode_of_open(int file) {
    struct stat about;
    return fstat(file, &about) ? -1 : (int64_t)about.st_ino;
}

static int is_counted(int file, char *path) {
    struct stat about;
    return root_size && !fstat(file, &about) && S_ISREG(about.st_mode) && !path_of(file, path) && is_below_root(path);
}

/* ---- the gate that every durable call goes through, one at a time ---- */

static void take_lock(void) {
    for (int turns = 0; __sync_lock_test_and_set(&shared->lock, 1); turns++)
        if (turns > 2000) usleep(200);
}

static void leave(void) { __sync_lock_release(&shared->lock); }

/* 0: go on, the lock is held. Else the errno to fail with, the lock is free. */
static int enter(int needs_space) {
    take_lock();
    int64_t number = ++shared->calls;
    int is_hit = number == fault_at || (sticky && number > fault_at && needs_space);
    if (!fault_at || !fault || !is_hit) return 0;
    if (fault == KILL) {
        leave();
        syscall(SYS_kill, getpid(), SIGKILL);
        for (;;) pause();
    }
    if (fault > 0 && (needs_space || !sticky || fault == EIO)) return leave(), fault;
    return 0;
}

static void record(enum call type, int64_t inode, int64_t offset, const char *path, const char *second, const void *data, size_t size) {
    if (recorder < 0) return;
    struct record head = {MAGIC, type, shared->calls, inode, offset, path ? strlen(path) : 0, second ? strlen(second) : 0, size, getpid()};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)path, head.path_size}, {(void *)second, head.second_size}, {(void *)data, size}};
    syscall(SYS_writev, recorder, parts, 4);
}

/* The whole content of a file, for the record; NULL when it is not recorded. */
static void *snapshot(const char *path, size_t *size) {
    struct stat about;
    char *content = NULL;
    *size = 0;
    if (recorder < 0) return NULL;
    int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (file < 0) return NULL;
    if (!fstat(file, &about) && S_ISREG(about.st_mode) && about.st_size <= SNAPSHOT_LIMIT && (content = malloc(about.st_size + 1))) {
        ssize_t done = 0, more;
        while (done < about.st_size && (more = syscall(SYS_pread64, file, content + done, about.st_size - done, done)) > 0) done += more;
        *size = done;
    }
    syscall(SYS_close, file);
    return content;
}
