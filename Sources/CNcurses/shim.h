// What Swift cannot see of ncurses: macros, globals that strict concurrency refuses, and structures that are filled by functions.

#define NCURSES_WIDECHAR 1
#include <ncursesw/curses.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>

/// Takes the terminal; NULL if there is none, or none that ncurses knows.
static inline SCREEN *banter_newterm(void) { return newterm(NULL, stdout, stdin); }

// From <term.h>, whose macros would be in the way of everything.
extern int setupterm(const char *, int, int *);
extern char *tigetstr(const char *);

/// Whether the terminal that TERM names can put its cursor anywhere; -1 if TERM names none that is known.
static inline int banter_can_move_cursor(void) {
    int error;
    if (setupterm(NULL, 1, &error) != 0) return -1;
    const char *cup = tigetstr("cup");
    return cup != NULL && cup != (char *)-1;
}

static inline WINDOW *banter_stdscr(void) { return stdscr; }

/// The size of the terminal, from the kernel. 0 if that does not know.
static inline int banter_terminal_size(int descriptor, int *width, int *height) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return 0;
    *width = size.ws_col;
    *height = size.ws_row;
    return 1;
}

static inline int banter_colors(void) { return has_colors() ? COLORS : 0; }
static inline int banter_color_pairs(void) { return COLOR_PAIRS; }

enum {
    BANTER_BOLD = 1,
    BANTER_DIM = 2,
    BANTER_UNDERLINE = 4,
    BANTER_REVERSE = 8,
};

/// Fills one cell. `text` ends with 0 and has at most CCHARW_MAX characters.
static inline void banter_set_cell(cchar_t *cell, const wchar_t *text, int attributes, int pair) {
    attr_t flags = A_NORMAL;
    if (attributes & BANTER_BOLD) flags |= A_BOLD;
    if (attributes & BANTER_DIM) flags |= A_DIM;
    if (attributes & BANTER_UNDERLINE) flags |= A_UNDERLINE;
    if (attributes & BANTER_REVERSE) flags |= A_REVERSE;
    setcchar(cell, text, flags, (short)pair, NULL);
}

/// Writes cells into a row; unlike `mvwadd_wch` it neither wraps nor scrolls in the last column.
static inline void banter_put_row(int row, int column, const cchar_t *cells, int count) {
    mvwadd_wchnstr(stdscr, row, column, cells, count);
}

extern char **environ;

/// What programs that this one starts find in their environment.
static inline char **banter_environment(void) { return environ; }

/// `sigaction` with a plain handler. What was there before goes to `old`, if that is not NULL.
static inline int banter_on_signal(int number, void (*handler)(int), struct sigaction *old) {
    struct sigaction action;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    action.sa_handler = handler;
    return sigaction(number, &action, old);
}

static inline int banter_restore_signal(int number, const struct sigaction *old) { return sigaction(number, old, NULL); }

static inline void banter_default_signal(int number) { banter_on_signal(number, SIG_DFL, NULL); }
