// Preloaded into the program: ends the process, as a trap does, when a text that holds $DIE_TEXT is about to be written
// to one of the tables named in $DIE_TABLES (`,turn,transcript,`). So a test has an event that no handling survives.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

typedef struct sqlite3_stmt sqlite3_stmt;

static int writes_to_one(const char *sql, const char *tables) {
    if (strncasecmp(sql + strspn(sql, " \n\t"), "INSERT", 6) != 0) return 0;
    const char *into = strcasestr(sql, "INTO ");
    if (into == NULL) return 0;
    into += 5;
    into += strspn(into, " \n\t\"");
    char name[80];
    int length = (int)strcspn(into, " \n\t\"(");
    if (length == 0 || length > 70) return 0;
    snprintf(name, sizeof name, ",%.*s,", length, into);
    return strcasestr(tables, name) != NULL;
}

int sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int length, void (*free_it)(void *)) {
    static int (*original)(sqlite3_stmt *, int, const char *, int, void (*)(void *));
    static const char *(*sql_of)(sqlite3_stmt *);
    if (original == NULL) {
        original = (int (*)(sqlite3_stmt *, int, const char *, int, void (*)(void *)))dlsym(RTLD_NEXT, "sqlite3_bind_text");
        sql_of = (const char *(*)(sqlite3_stmt *))dlsym(RTLD_NEXT, "sqlite3_sql");
    }
    const char *wanted = getenv("DIE_TEXT"), *tables = getenv("DIE_TABLES");
    if (wanted != NULL && tables != NULL && text != NULL) {
        size_t count = length < 0 ? strlen(text) : (size_t)length;
        if (memmem(text, count, wanted, strlen(wanted)) != NULL && writes_to_one(sql_of(statement), tables)) {
            kill(getpid(), SIGKILL);
            pause();
        }
    }
    return original(statement, index, text, length, free_it);
}
