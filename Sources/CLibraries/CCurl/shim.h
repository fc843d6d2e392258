// Swift cannot call variadic C functions: one typed function per kind of argument.
#pragma once
#include <curl/curl.h>

static inline CURLcode surfaces_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode surfaces_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode surfaces_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode surfaces_curl_set_bytes(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode surfaces_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode surfaces_curl_set_error_buffer(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

// What libcurl calls during a transfer; each gets the same context.
struct surfaces_curl_callbacks {
    curl_write_callback header;
    curl_write_callback write;
    curl_read_callback read;
    curl_seek_callback seek;
    curl_xferinfo_callback progress;
    curl_prereq_callback prerequest;
};

static inline void surfaces_curl_set_callbacks(
    CURL *handle, struct surfaces_curl_callbacks callbacks, void *context
) {
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callbacks.header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callbacks.write);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, callbacks.read);
    curl_easy_setopt(handle, CURLOPT_READDATA, context);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callbacks.seek);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, callbacks.progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callbacks.prerequest);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

static inline CURLMcode surfaces_curl_set_multi_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// The next finished transfer and its result; NULL when there is none.
static inline CURL *surfaces_curl_next_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}
