// Glibc, as Swift imports it, is without epoll.
#include <sys/epoll.h>
