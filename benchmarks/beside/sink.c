/* What everybody sends to: an HTTP server, a mail server and a stand-in for the Telegram Bot API, in one thread.

   cc -O2 -o sink sink.c;  sink HTTP_PORT SMTP_PORT

   It answers every request at once and counts. GET /stats tells what came as JSON, GET /count the same without the two
   percentiles, which cost a sort; GET /reset forgets it. A body that
   holds "T0=<unix ns>;" is timed from then to its arrival. Paths that begin with /bot are the Bot API's: at most 30
   messages in any second and one a second in any chat are taken, by rolling windows; the rest gets a 429. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { MOST_TIMES = 1 << 21, CHATS = 1 << 16, PERMITTED = 30, LONGEST = 1 << 22 };
static const int64_t SECOND = 1000000000;

struct peer { int fd, mail, in_data; size_t used, room; char *text; };
struct reply { size_t used; char text[1 << 16]; };

static struct { long requests, letters, connections, bytes, taken, refused; int64_t first, last; } seen;
static uint32_t *times;
static long timed;
static int64_t window[PERMITTED], chat_time[CHATS];
static uint64_t chat_id[CHATS];
static long window_at;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void arrived(const char *body, size_t size) {
    int64_t now = now_ns();
    if (!seen.first) seen.first = now;
    seen.last = now;
    seen.bytes += size;
    const char *mark = memmem(body, size, "T0=", 3);
    if (mark && timed < MOST_TIMES) {
        int64_t took = now - strtoll(mark + 3, NULL, 10);
        times[timed++] = took < 0 ? 0 : took / 1000;
    }
}

static void add(struct reply *reply, const char *text, size_t size) {
    if (reply->used + size > sizeof reply->text) abort();
    memcpy(reply->text + reply->used, text, size);
    reply->used += size;
}

static int send_all(int fd, struct reply *reply) {
    size_t gone = 0;
    while (gone < reply->used) {
        ssize_t n = send(fd, reply->text + gone, reply->used - gone, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) { usleep(50); continue; }
        if (n <= 0) return -1;
        gone += n;
    }
    reply->used = 0;
    return 0;
}

static void answer_json(struct reply *reply, const char *status, const char *json) {
    char text[1024];
    int n = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                     status, strlen(json), json);
    add(reply, text, n);
}

static uint32_t percentile(int part) { return timed ? times[timed * part / 100] : 0; }

static void answer_stats(struct reply *reply, int sorted) {
    char json[600];
    if (sorted) qsort(times, timed, sizeof *times, by_size);
    snprintf(json, sizeof json,
             "{\"requests\":%ld,\"letters\":%ld,\"connections\":%ld,\"bytes\":%ld,\"taken\":%ld,\"refused\":%ld,"
             "\"first_ns\":%lld,\"last_ns\":%lld,\"timed\":%ld,\"p50_us\":%u,\"p99_us\":%u}",
             seen.requests, seen.letters, seen.connections, seen.bytes, seen.taken, seen.refused,
             (long long)seen.first, (long long)seen.last, timed, sorted ? percentile(50) : 0,
             sorted ? percentile(99) : 0);
    answer_json(reply, "200 OK", json);
}

/* Whether the Bot API takes a message now; what it takes counts. */
static int bot_takes(const char *body, size_t size) {
    int64_t now = now_ns();
    const char *at = memmem(body, size, "\"chat_id\"", 9);
    uint64_t chat = 0;
    for (const char *c = at ? at + 9 : body; at && c < body + size && *c != ',' && *c != '}'; c++) chat = chat * 31 + *c;
    size_t slot = chat % CHATS;
    while (chat_id[slot] && chat_id[slot] != chat) slot = (slot + 1) % CHATS;
    if (now - window[window_at % PERMITTED] < SECOND || now - chat_time[slot] < SECOND) { seen.refused++; return 0; }
    window[window_at++ % PERMITTED] = now;
    chat_id[slot] = chat;
    chat_time[slot] = now;
    seen.taken++;
    return 1;
}

static void answer(struct reply *reply, const char *head, const char *body, size_t size) {
    if (!strncmp(head, "GET /stats", 10)) return answer_stats(reply, 1);
    if (!strncmp(head, "GET /count", 10)) return answer_stats(reply, 0);
    if (!strncmp(head, "GET /reset", 10)) {
        memset(&seen, 0, sizeof seen);
        memset(chat_id, 0, sizeof chat_id);
        memset(chat_time, 0, sizeof chat_time);
        timed = 0;
        return add(reply, "HTTP/1.1 204 No Content\r\n\r\n", 27);
    }
    if (!strncmp(head, "POST /bot", 9) || !strncmp(head, "GET /bot", 8)) {
        if (!memmem(head, strcspn(head, "\r"), "sendMessage", 11))
            return answer_json(reply, "200 OK", "{\"ok\":true,\"result\":{\"id\":1,\"is_bot\":true,\"username\":\"bench_bot\"}}");
        arrived(body, size);
        if (bot_takes(body, size))
            return answer_json(reply, "200 OK", "{\"ok\":true,\"result\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":1}}}");
        return answer_json(reply, "429 Too Many Requests",
                           "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 1\",\"parameters\":{\"retry_after\":1}}");
    }
    seen.requests++;
    arrived(body, size);
    add(reply, "HTTP/1.1 204 No Content\r\n\r\n", 27);
}

/* Bytes that the request takes, 0 where it is not whole yet. */
static size_t one_request(struct peer *peer, char *text, size_t size, struct reply *reply) {
    char *end = memmem(text, size, "\r\n\r\n", 4);
    if (!end) return 0;
    char *body = end + 4;
    size_t length = 0, whole;
    int chunked = 0;
    for (char *line = memchr(text, '\n', end - text); line; line = memchr(line + 1, '\n', end - line - 1)) {
        if (!strncasecmp(line + 1, "content-length:", 15)) length = strtoul(line + 16, NULL, 10);
        if (!strncasecmp(line + 1, "transfer-encoding: chunked", 26)) chunked = 1;
        if (end - line <= 1) break;
    }
    if (chunked) {
        char *last = memmem(body, text + size - body, "0\r\n\r\n", 5);
        if (!last) return 0;
        length = last + 5 - body;
    }
    whole = body - text + length;
    if (whole > size) {
        if (size == (size_t)(body - text) && memmem(text, size, "100-continue", 12)) send(peer->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
        return 0;
    }
    answer(reply, text, body, length);
    return whole;
}

/* The same of a mail session: a line, or a letter. */
static size_t one_command(struct peer *peer, char *text, size_t size, struct reply *reply) {
    if (peer->in_data) {
        char *end = size >= 3 && !memcmp(text, ".\r\n", 3) ? text : memmem(text, size, "\r\n.\r\n", 5);
        if (!end) return 0;
        seen.letters++;
        arrived(text, end - text);
        peer->in_data = 0;
        add(reply, "250 2.0.0 taken\r\n", 17);
        return end - text + (end == text ? 3 : 5);
    }
    char *end = memchr(text, '\n', size);
    if (!end) return 0;
    if (!strncasecmp(text, "EHLO", 4)) {
        static const char offers[] = "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 50000000\r\n";
        add(reply, offers, sizeof offers - 1);
    } else if (!strncasecmp(text, "DATA", 4)) {
        peer->in_data = 1;
        add(reply, "354 go on\r\n", 11);
    } else if (!strncasecmp(text, "QUIT", 4)) {
        add(reply, "221 2.0.0 bye\r\n", 15);
    } else {
        add(reply, "250 2.1.0 well\r\n", 16);
    }
    return end + 1 - text;
}

/* Reads what is there and answers it; -1 where the connection is over. */
static int serve(struct peer *peer) {
    static struct reply reply;
    for (;;) {
        if (peer->room - peer->used < 1 << 15) {
            if (peer->room >= LONGEST) return -1;
            peer->text = realloc(peer->text, (peer->room = peer->room ? peer->room * 2 : 1 << 16) + 1);
        }
        ssize_t n = recv(peer->fd, peer->text + peer->used, peer->room - peer->used, 0);
        if (n < 0 && errno == EAGAIN) return 0;
        if (n <= 0) return -1;
        peer->used += n;
        peer->text[peer->used] = 0;
        size_t at = 0, one;
        while (at < peer->used) {
            one = (peer->mail ? one_command : one_request)(peer, peer->text + at, peer->used - at, &reply);
            if (!one) break;
            at += one;
            if (reply.used > sizeof reply.text / 2 && send_all(peer->fd, &reply)) return -1;
        }
        if (reply.used && send_all(peer->fd, &reply)) return -1;
        memmove(peer->text, peer->text + at, peer->used - at);
        peer->used -= at;
    }
}

/* On every address, since that of loopback is sixteen million: see accepted(). */
static int listening(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&where, sizeof where) || listen(fd, 4096)) { perror("sink"); exit(1); }
    return fd;
}

/* Every address of 127.0.0.0/8 reaches it, and none from outside. */
static void accepted(int epoll, int listener, int mail) {
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    int fd, yes = 1;
    while ((fd = accept4(listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK)) >= 0) {
        if (ntohl(from.sin_addr.s_addr) >> 24 != 127) { close(fd); continue; }
        struct peer *peer = calloc(1, sizeof *peer);
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = peer};
        peer->fd = fd;
        peer->mail = mail;
        seen.connections++;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
        if (mail) send(fd, "220 sink ESMTP\r\n", 16, MSG_NOSIGNAL);
    }
}

int main(int count, char **words) {
    if (count < 3) return 2;
    signal(SIGPIPE, SIG_IGN);
    times = malloc(MOST_TIMES * sizeof *times);
    int epoll = epoll_create1(0), listeners[2] = {listening(atoi(words[1])), listening(atoi(words[2]))};
    for (int i = 0; i < 2; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listeners[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, listeners[i], &event);
    }
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            void *what = events[i].data.ptr;
            if (what == &listeners[0] || what == &listeners[1]) {
                accepted(epoll, *(int *)what, what == &listeners[1]);
            } else if (serve(what)) {
                struct peer *peer = what;
                close(peer->fd);
                free(peer->text);
                free(peer);
            }
        }
    }
}
