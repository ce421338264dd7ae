/* A server that costs next to nothing: canned replies on kept connections, one thread, epoll.
 *
 *     server REPLY...
 *
 * Each REPLY is a file with a whole HTTP response; a request for `/N/...` gets the Nth. Prints its port;
 * ends when its standard input does. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { LONGEST_REQUEST = 1 << 16, MOST_CONNECTIONS = 1 << 14 };

static struct { char *bytes; size_t size; } replies[16];
static struct { char in[LONGEST_REQUEST + 1]; size_t size; const char *out; size_t left; } *connections[MOST_CONNECTIONS];

static void load(int number, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(1); }
    fseek(file, 0, SEEK_END);
    replies[number].size = ftell(file);
    rewind(file);
    replies[number].bytes = malloc(replies[number].size);
    if (fread(replies[number].bytes, 1, replies[number].size, file) != replies[number].size) exit(1);
    fclose(file);
}

/* The size of the first request in the buffer, 0 while it is not whole. */
static size_t whole(int fd)
{
    char *head = connections[fd]->in, *end = strstr(head, "\r\n\r\n");
    if (!end) return 0;
    *end = 0; /* the search for the length stays in the head */
    char *length = strcasestr(head, "\r\nContent-Length:");
    size_t size = end + 4 - head + (length ? strtoul(length + 17, NULL, 10) : 0);
    *end = '\r';
    return connections[fd]->size >= size ? size : 0;
}

static void finish(int fd)
{
    close(fd);
    free(connections[fd]);
    connections[fd] = NULL;
}

static void serve(int poll, int fd, int count)
{
    for (;;) {
        while (connections[fd]->left) {
            ssize_t sent = send(fd, connections[fd]->out, connections[fd]->left, MSG_NOSIGNAL);
            if (sent < 0 && errno == EAGAIN) {
                struct epoll_event both = {.events = EPOLLIN | EPOLLOUT, .data.fd = fd};
                epoll_ctl(poll, EPOLL_CTL_MOD, fd, &both);
                return;
            }
            if (sent < 0) { finish(fd); return; }
            connections[fd]->out += sent;
            connections[fd]->left -= sent;
        }
        size_t size = whole(fd);
        if (size) {
            char *path = strchr(connections[fd]->in, '/');
            int number = path ? atoi(path + 1) : 0;
            if (number < 0 || number >= count) number = 0;
            connections[fd]->out = replies[number].bytes;
            connections[fd]->left = replies[number].size;
            connections[fd]->size -= size;
            memmove(connections[fd]->in, connections[fd]->in + size, connections[fd]->size + 1);
            continue;
        }
        size_t room = LONGEST_REQUEST - connections[fd]->size;
        ssize_t got = room ? recv(fd, connections[fd]->in + connections[fd]->size, room, 0) : 0;
        if (got < 0 && errno == EAGAIN) {
            struct epoll_event in = {.events = EPOLLIN, .data.fd = fd};
            epoll_ctl(poll, EPOLL_CTL_MOD, fd, &in);
            return;
        }
        if (got <= 0) { finish(fd); return; }
        connections[fd]->size += got;
        connections[fd]->in[connections[fd]->size] = 0;
    }
}

int main(int count, char **paths)
{
    for (int number = 1; number < count; number++) load(number - 1, paths[number]);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) { perror("listen"); return 1; }
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = listener}, input = {.events = EPOLLIN, .data.fd = 0};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted);
    epoll_ctl(poll, EPOLL_CTL_ADD, 0, &input);
    for (struct epoll_event events[64];;) {
        int ready = epoll_wait(poll, events, 64, -1);
        for (int each = 0; each < ready; each++) {
            int fd = events[each].data.fd;
            if (fd == 0) { char nothing; if (read(0, &nothing, 1) <= 0) return 0; }
            else if (fd != listener) { if (connections[fd]) serve(poll, fd, count - 1); }
            else while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                if (fd >= MOST_CONNECTIONS) { close(fd); continue; }
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                connections[fd] = calloc(1, sizeof **connections);
                struct epoll_event in = {.events = EPOLLIN, .data.fd = fd};
                epoll_ctl(poll, EPOLL_CTL_ADD, fd, &in);
            }
        }
    }
}
