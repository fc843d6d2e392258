#pragma once

#include <spawn.h>

// What glibc declares for _GNU_SOURCE only, which Swift's Glibc module does not set.

int cspawn_addchdir(posix_spawn_file_actions_t *actions, const char *path);
int cspawn_addclosefrom(posix_spawn_file_actions_t *actions, int from);
int cspawn_pipe(int ends[2]);
