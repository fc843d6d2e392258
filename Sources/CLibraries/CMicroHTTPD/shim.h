// Swift cannot call variadic C functions: what of them is needed, typed.
#pragma once
#include <microhttpd.h>

// What the daemon calls on its thread; each gets the same context.
struct surfaces_mhd_callbacks {
    MHD_AccessHandlerCallback access;
    MHD_RequestCompletedCallback completed;
    // A connection begins or ends.
    MHD_NotifyConnectionCallback connection;
    // Called with the request's target, as it came; the result becomes the request's context.
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    void *context;
};

struct surfaces_mhd_limits {
    unsigned int connections;
    unsigned int idle_seconds;
    size_t connection_memory;
};

// Owns the listening socket, also when it fails.
static inline struct MHD_Daemon *surfaces_mhd_start(
    int listening_socket, struct surfaces_mhd_limits limits, struct surfaces_mhd_callbacks callbacks
) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        callbacks.access, callbacks.context,
        MHD_OPTION_LISTEN_SOCKET, listening_socket,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections,
        MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.connection_memory,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, callbacks.context,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.context,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.target, callbacks.context,
        MHD_OPTION_END
    );
}

static inline int surfaces_mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

// Macros of the library that Swift does not see.
static inline struct MHD_Response *surfaces_mhd_stream_response(
    size_t block, MHD_ContentReaderCallback read, void *context, MHD_ContentReaderFreeCallback release
) {
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block, read, context, release);
}

static const ssize_t surfaces_mhd_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;

// Enumerators whose names Swift changes.
static const enum MHD_Result surfaces_mhd_yes = MHD_YES;
static const enum MHD_Result surfaces_mhd_no = MHD_NO;
static const enum MHD_ConnectionNotificationCode surfaces_mhd_connection_started = MHD_CONNECTION_NOTIFY_STARTED;
static const enum MHD_ValueKind surfaces_mhd_header = MHD_HEADER_KIND;
static const enum MHD_ValueKind surfaces_mhd_query = MHD_GET_ARGUMENT_KIND;
static const enum MHD_ResponseMemoryMode surfaces_mhd_copy = MHD_RESPMEM_MUST_COPY;
