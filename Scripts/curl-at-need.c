/* libcurl, loaded when it is first called.
 *
 * Foundation's URL loading is written on libcurl, which brings some thirty libraries along: most of what
 * a start of push2pacs cost, though few commands speak HTTPS. Scripts/install links this in libcurl's
 * place: the file starts in half the time, and runs where there is no libcurl. Every function that
 * Foundation calls stands here (Tests/EndToEnd/test_install.py compares) and hands on to the real one.
 * None takes more than five arguments, all of them integers or pointers. */
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

typedef void *(*function)(void *, void *, void *, void *, void *);

static function find(const char *name) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  function found = library ? (function)dlsym(library, name) : 0;
  if (!found) {
    fprintf(stderr, "push2pacs: libcurl.so.4 is missing, which HTTPS needs; install libcurl4 (Debian's name)\n");
    _exit(69);
  }
  return found;
}

#define HAND_ON(name)                                           \
  void *name(void *a, void *b, void *c, void *d, void *e) {     \
    static _Atomic(function) known;                             \
    function found = known;                                     \
    if (!found) known = found = find(#name);                    \
    return found(a, b, c, d, e);                                \
  }

HAND_ON(curl_easy_cleanup)
HAND_ON(curl_easy_getinfo)
HAND_ON(curl_easy_init)
HAND_ON(curl_easy_pause)
HAND_ON(curl_easy_setopt)
HAND_ON(curl_easy_strerror)
HAND_ON(curl_free)
HAND_ON(curl_global_init)
HAND_ON(curl_multi_add_handle)
HAND_ON(curl_multi_assign)
HAND_ON(curl_multi_cleanup)
HAND_ON(curl_multi_info_read)
HAND_ON(curl_multi_init)
HAND_ON(curl_multi_remove_handle)
HAND_ON(curl_multi_setopt)
HAND_ON(curl_multi_socket_action)
HAND_ON(curl_slist_append)
HAND_ON(curl_slist_free_all)
HAND_ON(curl_url)
HAND_ON(curl_url_get)
HAND_ON(curl_url_set)
HAND_ON(curl_version)
HAND_ON(curl_version_info)
