/* A library that is loaded before libc (LD_PRELOAD). It numbers every durable system call that a tree of processes
 * makes below one folder; at a chosen number it kills the process, or makes the call fail. It can also record the
 * calls, so that a power cut after each of them can be drawn (disk.py). It needs no root and no ptrace.
 *
 *   FAULT_ROOT    real path of the folder; only calls below it are counted
 *   FAULT_STATE   file of 64 bytes that all processes share: a spin lock and the counter
 *   FAULT_AT      number of the call to disturb, from 1; 0 only counts
 *   FAULT_DO      kill | enospc | eio | short
 *   FAULT_STICKY  1: every later call that needs space fails too, as on a full disk
 *   FAULT_RECORD  file that the calls are recorded in
 *
 * Seen: calls through libc. Writes inside C stdio are not, so fsync and rename record the whole content of files up
 * to 16 MB. Not seen: raw system calls, static programs, writes through mmap (SQLite runs with mmap_size 0).
 */
#define _GNU_SOURCE
#include "gate.h"

#define GUARD(needs_space) do { int error = enter(needs_space); if (error) { errno = error; return -1; } } while (0)
#define DONE(result) do { int error = errno; leave(); errno = error; return result; } while (0)
#define NEXT(name) ({ static __typeof__(&name) next; if (!next) next = dlsym(RTLD_NEXT, #name); next; })

/* ---- opening ---- */

static int open_at(int folder, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    prepare();
    int changes = (flags & (O_CREAT | O_TRUNC)) && (flags & O_TMPFILE) != O_TMPFILE;
    if (!changes || absolute(folder, path, whole) || !is_below_root(whole)) return syscall(SYS_openat, folder, path, flags, mode);
    int existed = inode_of(whole) >= 0;
    if (existed && (!(flags & O_TRUNC) || (flags & O_EXCL))) return syscall(SYS_openat, folder, path, flags, mode);
    GUARD(1);
    int file = syscall(SYS_openat, folder, path, flags, mode);
    if (file >= 0) record(existed ? TRUNCATE : CREATE, inode_of_open(file), 0, whole, 0, 0, 0);
    DONE(file);
}

#define MODE_OF(flags) ({ mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } mode; })
int open(const char *path, int flags, ...) { return open_at(AT_FDCWD, path, flags, MODE_OF(flags)); }
int open64(const char *path, int flags, ...) { return open_at(AT_FDCWD, path, flags | O_LARGEFILE, MODE_OF(flags)); }
int openat(int folder, const char *path, int flags, ...) { return open_at(folder, path, flags, MODE_OF(flags)); }
int openat64(int folder, const char *path, int flags, ...) { return open_at(folder, path, flags | O_LARGEFILE, MODE_OF(flags)); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static FILE *open_stream(FILE *(*next)(const char *, const char *), const char *path, const char *mode) {
    char whole[PATH_MAX];
    prepare();
    if ((mode[0] != 'w' && mode[0] != 'a') || absolute(AT_FDCWD, path, whole) || !is_below_root(whole)) return next(path, mode);
    int existed = inode_of(whole) >= 0;
    if (existed && mode[0] == 'a') return next(path, mode);
    int error = enter(1);
    if (error) return errno = error, NULL;
    FILE *stream = next(path, mode);
    if (stream) record(existed ? TRUNCATE : CREATE, inode_of_open(fileno(stream)), 0, whole, 0, 0, 0);
    DONE(stream);
}
FILE *fopen(const char *path, const char *mode) { return open_stream(NEXT(fopen), path, mode); }
FILE *fopen64(const char *path, const char *mode) { return open_stream(NEXT(fopen64), path, mode); }

/* ---- writing ---- */

static ssize_t put(int file, const void *data, size_t size, int64_t offset, int is_placed) {
    return is_placed ? syscall(SYS_pwrite64, file, data, size, offset) : syscall(SYS_write, file, data, size);
}

static int64_t place_of(int file) {
    struct stat about;
    if ((fcntl(file, F_GETFL) & O_APPEND) && !fstat(file, &about)) return about.st_size;
    return lseek(file, 0, SEEK_CUR);
}

static ssize_t write_at(int file, const void *data, size_t size, int64_t offset, int is_placed) {
    char path[PATH_MAX];
    prepare();
    if (!is_counted(file, path)) return put(file, data, size, offset, is_placed);
    GUARD(1);
    if (fault == SHORT && shared->calls == fault_at && size > 1) size /= 2;
    int64_t place = is_placed ? offset : place_of(file);
    ssize_t written = put(file, data, size, offset, is_placed);
    if (written > 0) record(WRITE, inode_of_open(file), place, path, 0, data, written);
    DONE(written);
}
ssize_t write(int file, const void *data, size_t size) { return write_at(file, data, size, 0, 0); }
ssize_t pwrite(int file, const void *data, size_t size, off_t offset) { return write_at(file, data, size, offset, 1); }
ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset) { return write_at(file, data, size, offset, 1); }

ssize_t writev(int file, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    ssize_t total = 0;
    prepare();
    if (!is_counted(file, path)) return syscall(SYS_writev, file, parts, count);
    for (int i = 0; i < count; i++) {
        ssize_t written = write_at(file, parts[i].iov_base, parts[i].iov_len, 0, 0);
        if (written < 0) return total ? total : written;
        total += written;
        if ((size_t)written < parts[i].iov_len) break;
    }
    return total;
}

/* Data that moved inside the kernel is read back for the record. */
static void record_moved(int file, int64_t offset, ssize_t size, const char *path) {
    char link[64];
    if (recorder < 0 || size <= 0) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int again = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
    if (again < 0) return;
    void *data = malloc(size);
    ssize_t got = syscall(SYS_pread64, again, data, size, offset);
    syscall(SYS_close, again);
    if (got > 0) record(WRITE, inode_of_open(file), offset, path, 0, data, got);
    free(data);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t size) {
    char path[PATH_MAX];
    prepare();
    if (!is_counted(to, path)) return syscall(SYS_sendfile, to, from, offset, size);
    GUARD(1);
    int64_t place = lseek(to, 0, SEEK_CUR);
    ssize_t moved = syscall(SYS_sendfile, to, from, offset, size);
    int error = errno;
    record_moved(to, place, moved, path);
    errno = error;
    DONE(moved);
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) { return sendfile(to, from, (off_t *)offset, size); }

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags) {
    char path[PATH_MAX];
    prepare();
    if (!is_counted(to, path)) return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
    GUARD(1);
    int64_t place = to_offset ? *to_offset : lseek(to, 0, SEEK_CUR);
    ssize_t moved = syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
    int error = errno;
    record_moved(to, place, moved, path);
    errno = error;
    DONE(moved);
}

static int truncate_to(int file, int64_t size) {
    char path[PATH_MAX];
    prepare();
    if (!is_counted(file, path)) return syscall(SYS_ftruncate, file, size);
    GUARD(0);
    int result = syscall(SYS_ftruncate, file, size);
    if (!result) record(TRUNCATE, inode_of_open(file), size, path, 0, 0, 0);
    DONE(result);
}
int ftruncate(int file, off_t size) { return truncate_to(file, size); }
int ftruncate64(int file, off64_t size) { return truncate_to(file, size); }

static int sync_with(int file, int call) {
    char path[PATH_MAX];
    size_t size;
    prepare();
    if (!root_size || path_of(file, path) || !is_below_root(path)) return syscall(call, file);
    GUARD(0);
    int result = syscall(call, file), error = errno;
    void *content = result ? NULL : snapshot(path, &size);
    if (!result) record(FSYNC, inode_of_open(file), content != NULL, path, 0, content, size);
    free(content);
    errno = error;
    DONE(result);
}
int fsync(int file) { return sync_with(file, SYS_fsync); }
int fdatasync(int file) { return sync_with(file, SYS_fdatasync); }

/* ---- names ---- */

static int rename_or_link(enum call type, int call, int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    char old[PATH_MAX], new[PATH_MAX];
    size_t size;
    prepare();
    if (absolute(from_folder, from, old) || absolute(to_folder, to, new) || (!is_below_root(old) && !is_below_root(new)))
        return syscall(call, from_folder, from, to_folder, to, flags);
    GUARD(1);
    int64_t inode = inode_of(old);
    void *content = snapshot(old, &size);
    int result = syscall(call, from_folder, from, to_folder, to, flags), error = errno;
    if (!result) record(type, inode, content != NULL, old, new, content, size);
    free(content);
    errno = error;
    DONE(result);
}
int rename(const char *from, const char *to) { return rename_or_link(RENAME, SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return rename_or_link(RENAME, SYS_renameat2, a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return rename_or_link(RENAME, SYS_renameat2, a, from, b, to, flags); }
int link(const char *from, const char *to) { return rename_or_link(LINK, SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return rename_or_link(LINK, SYS_linkat, a, from, b, to, flags); }

static int make_or_remove(enum call type, int call, int folder, const char *path, unsigned long argument) {
    char whole[PATH_MAX];
    prepare();
    if (absolute(folder, path, whole) || !is_below_root(whole)) return syscall(call, folder, path, argument);
    GUARD(type == MKDIR);
    int64_t inode = inode_of(whole);
    int result = syscall(call, folder, path, argument), error = errno;
    if (!result) record(type, type == MKDIR ? inode_of(whole) : inode, 0, whole, 0, 0, 0);
    errno = error;
    DONE(result);
}
int unlink(const char *path) { return make_or_remove(UNLINK, SYS_unlinkat, AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return make_or_remove(flags & AT_REMOVEDIR ? RMDIR : UNLINK, SYS_unlinkat, folder, path, flags); }
int rmdir(const char *path) { return make_or_remove(RMDIR, SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    struct stat about;
    return !lstat(path, &about) && S_ISDIR(about.st_mode) ? rmdir(path) : unlink(path);
}
int mkdir(const char *path, mode_t mode) { return make_or_remove(MKDIR, SYS_mkdirat, AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return make_or_remove(MKDIR, SYS_mkdirat, folder, path, mode); }

int symlink(const char *target, const char *path) {
    char whole[PATH_MAX];
    prepare();
    if (absolute(AT_FDCWD, path, whole) || !is_below_root(whole)) return syscall(SYS_symlinkat, target, AT_FDCWD, path);
    GUARD(1);
    int result = syscall(SYS_symlinkat, target, AT_FDCWD, path);
    if (!result) record(SYMLINK, inode_of(whole), 0, whole, target, 0, 0);
    DONE(result);
}
