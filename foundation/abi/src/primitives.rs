// tidy: table
//! The table of primitives: what std calls that is written in Rust.
//!
//! A row is `mode name(classes) -> class, "scheme";`. It is expanded into [`Primitive`], [`Row`]s for the compiler
//! and, through [`for_each_primitive!`](crate::for_each_primitive), the runtime's entry table, where a Rust function
//! of another signature does not compile.
//!
//! - *mode*: `now` returns at once; `wait` may suspend the process and is then entered again when it is woken.
//! - *classes*: `i` Int, `f` Float, `r` reference, `w` a word of the type parameter `T` (passed in an integer register,
//!   a Float by its bits); result `u` = Unit, `n` = never returns. A row with a `w` parameter has one hidden last argument, `i`: 1 when T's
//!   class is `Ref`, else 0.
//! - *scheme*: the Snow type, with type parameters `T`, `M` generalised. Std writes the call as `Native.name(…)`.
//!
//! Rows that native code expands inline are marked in their comment; they have a Rust function all the same.

use crate::value::Class;

/// What one row says.
#[derive(Debug)]
pub struct Row {
    /// `Native.NAME` in std.
    pub name: &'static str,
    /// Whether it may suspend the process.
    pub waits: bool,
    /// Machine classes of the parameters.
    pub params: &'static [Operand],
    /// Machine class of the result.
    pub result: Operand,
    /// The type in Snow syntax, for instance `(String, Int) -> Option<Int>`.
    pub scheme: &'static str,
}

/// Class of a parameter or result of a primitive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// A word of a fixed class.
    Word(Class),
    /// A word of the type parameter's class.
    Generic,
    /// Result only: nothing.
    Unit,
    /// Result only: does not return.
    Never,
}

impl Row {
    /// Whether there is the hidden last argument that tells T's class.
    pub fn tells_class(&self) -> bool {
        self.params.contains(&Operand::Generic)
    }
}

/// Class letter to [`Operand`].
#[doc(hidden)]
#[macro_export]
macro_rules! operand {
    (i) => {
        $crate::primitives::Operand::Word($crate::value::Class::Int)
    };
    (f) => {
        $crate::primitives::Operand::Word($crate::value::Class::Float)
    };
    (r) => {
        $crate::primitives::Operand::Word($crate::value::Class::Ref)
    };
    (w) => {
        $crate::primitives::Operand::Generic
    };
    (u) => {
        $crate::primitives::Operand::Unit
    };
    (n) => {
        $crate::primitives::Operand::Never
    };
}

/// Calls `$callback!` with every row.
#[macro_export]
macro_rules! for_each_primitive {
    ($callback:ident) => {
        $callback! {
    // ---- Int and bits (all expanded inline by native code)
    now int_wrapping_add(i, i) -> i, "(Int, Int) -> Int";
    now int_wrapping_sub(i, i) -> i, "(Int, Int) -> Int";
    now int_wrapping_mul(i, i) -> i, "(Int, Int) -> Int";
    now int_and(i, i) -> i, "(Int, Int) -> Int";
    now int_or(i, i) -> i, "(Int, Int) -> Int";
    now int_xor(i, i) -> i, "(Int, Int) -> Int";
    now int_not(i) -> i, "(Int) -> Int";
    now int_shift_left(i, i) -> i, "(Int, Int) -> Int";
    now int_shift_right(i, i) -> i, "(Int, Int) -> Int";
    now int_shift_right_zero(i, i) -> i, "(Int, Int) -> Int";
    now int_count_ones(i) -> i, "(Int) -> Int";
    now int_leading_zeros(i) -> i, "(Int) -> Int";
    now int_trailing_zeros(i) -> i, "(Int) -> Int";
    now int_to_float(i) -> f, "(Int) -> Float";
    // Whether the operation overflows, as a Bool
    now int_add_overflows(i, i) -> i, "(Int, Int) -> Bool";
    now int_sub_overflows(i, i) -> i, "(Int, Int) -> Bool";
    now int_mul_overflows(i, i) -> i, "(Int, Int) -> Bool";
    // Base 2 to 36
    now int_to_text(i, i) -> r, "(Int, Int) -> String";
    // ---- Float (floor, ceil, trunc, sqrt, abs, bits are inline)
    now float_floor(f) -> f, "(Float) -> Float";
    now float_ceil(f) -> f, "(Float) -> Float";
    now float_trunc(f) -> f, "(Float) -> Float";
    now float_sqrt(f) -> f, "(Float) -> Float";
    now float_abs(f) -> f, "(Float) -> Float";
    now float_to_bits(f) -> i, "(Float) -> Int";
    now float_from_bits(i) -> f, "(Int) -> Float";
    // Truncates; the caller has checked the range
    now float_to_int(f) -> i, "(Float) -> Int";
    now float_to_text(f) -> r, "(Float) -> String";
    now float_format(f, i) -> r, "(Float, Int) -> String";
    now float_pow(f, f) -> f, "(Float, Float) -> Float";
    now float_exp(f) -> f, "(Float) -> Float";
    now float_ln(f) -> f, "(Float) -> Float";
    now float_log2(f) -> f, "(Float) -> Float";
    now float_log10(f) -> f, "(Float) -> Float";
    now float_cbrt(f) -> f, "(Float) -> Float";
    now float_sin(f) -> f, "(Float) -> Float";
    now float_cos(f) -> f, "(Float) -> Float";
    now float_tan(f) -> f, "(Float) -> Float";
    now float_asin(f) -> f, "(Float) -> Float";
    now float_acos(f) -> f, "(Float) -> Float";
    now float_atan(f) -> f, "(Float) -> Float";
    now float_atan2(f, f) -> f, "(Float, Float) -> Float";
    now float_sinh(f) -> f, "(Float) -> Float";
    now float_cosh(f) -> f, "(Float) -> Float";
    now float_tanh(f) -> f, "(Float) -> Float";
    now float_hypot(f, f) -> f, "(Float, Float) -> Float";
    // C's fmod; native code calls it for `%`
    now float_rem(f, f) -> f, "(Float, Float) -> Float";
    // ---- String; positions are code points
    now string_length(r) -> i, "(String) -> Int";
    now string_byte_size(r) -> i, "(String) -> Int";
    now string_equal(r, r) -> i, "(String, String) -> Bool";
    // -1, 0, 1
    now string_compare(r, r) -> i, "(String, String) -> Int";
    // Keyed per node start
    now string_hash(r) -> i, "(String) -> Int";
    now string_append(r, r) -> r, "(String, String) -> String";
    now string_concat(r) -> r, "(List<String>) -> String";
    now string_join(r, r) -> r, "(List<String>, String) -> String";
    // Clamped
    now string_slice(r, i, i) -> r, "(String, Int, Int) -> String";
    // The code point at a position, -1 out of range
    now string_codepoint_at(r, i) -> i, "(String, Int) -> Int";
    now string_from_codepoint(i) -> r, "(Int) -> String";
    now string_codepoints(r) -> r, "(String) -> List<Int>";
    now string_from_codepoints(r) -> r, "(List<Int>) -> String";
    now string_graphemes(r) -> r, "(String) -> List<String>";
    now string_pop_first(r) -> r, "(String) -> Option<(String, String)>";
    now string_contains(r, r) -> i, "(String, String) -> Bool";
    now string_starts_with(r, r) -> i, "(String, String) -> Bool";
    now string_ends_with(r, r) -> i, "(String, String) -> Bool";
    // -1 when absent
    now string_index_of(r, r) -> i, "(String, String) -> Int";
    now string_last_index_of(r, r) -> i, "(String, String) -> Int";
    now string_count(r, r) -> i, "(String, String) -> Int";
    now string_trim(r) -> r, "(String) -> String";
    now string_trim_start(r) -> r, "(String) -> String";
    now string_trim_end(r) -> r, "(String) -> String";
    now string_to_upper(r) -> r, "(String) -> String";
    now string_to_lower(r) -> r, "(String) -> String";
    now string_replace(r, r, r) -> r, "(String, String, String) -> String";
    now string_replace_first(r, r, r) -> r, "(String, String, String) -> String";
    now string_repeat(r, i) -> r, "(String, Int) -> String";
    now string_reverse(r) -> r, "(String) -> String";
    now string_split(r, r) -> r, "(String, String) -> List<String>";
    now string_lines(r) -> r, "(String) -> List<String>";
    now string_words(r) -> r, "(String) -> List<String>";
    now string_to_int(r, i) -> r, "(String, Int) -> Option<Int>";
    now string_to_float(r) -> r, "(String) -> Option<Float>";
    now string_to_bytes(r) -> r, "(String) -> Bytes";
    now string_escape(r) -> r, "(String) -> String";
    now string_is_alphabetic(r) -> i, "(String) -> Bool";
    now string_is_whitespace(r) -> i, "(String) -> Bool";
    // Form 0 NFC, 1 NFD, 2 NFKC, 3 NFKD
    now string_normalize(r, i) -> r, "(String, Int) -> String";
    // Full case folding: texts that differ in case only become equal
    now string_fold_case(r) -> r, "(String) -> String";
    // ---- Bytes
    now bytes_length(r) -> i, "(Bytes) -> Int";
    now bytes_equal(r, r) -> i, "(Bytes, Bytes) -> Bool";
    now bytes_compare(r, r) -> i, "(Bytes, Bytes) -> Int";
    now bytes_hash(r) -> i, "(Bytes) -> Int";
    now bytes_append(r, r) -> r, "(Bytes, Bytes) -> Bytes";
    now bytes_concat(r) -> r, "(List<Bytes>) -> Bytes";
    // -1 out of range
    now bytes_at(r, i) -> i, "(Bytes, Int) -> Int";
    now bytes_slice(r, i, i) -> r, "(Bytes, Int, Int) -> Bytes";
    // -1 when absent
    now bytes_index_of(r, r) -> i, "(Bytes, Bytes) -> Int";
    now bytes_copy(r) -> r, "(Bytes) -> Bytes";
    now bytes_zeros(i) -> r, "(Int) -> Bytes";
    now bytes_from_list(r) -> r, "(List<Int>) -> Bytes";
    now bytes_to_list(r) -> r, "(Bytes) -> List<Int>";
    now bytes_to_hex(r) -> r, "(Bytes) -> String";
    now bytes_from_hex(r) -> r, "(String) -> Option<Bytes>";
    now bytes_to_base64(r, i) -> r, "(Bytes, Bool) -> String";
    now bytes_from_base64(r, i) -> r, "(String, Bool) -> Option<Bytes>";
    // The text, or Err with the index of the first bad byte
    now bytes_to_string(r) -> r, "(Bytes) -> Result<String, Int>";
    now bytes_to_string_lossy(r) -> r, "(Bytes) -> String";
    now bytes_debug(r) -> r, "(Bytes) -> String";
    // ---- Arrays (length and get are inline)
    now array_length(r) -> i, "(Array<T>) -> Int";
    now array_get(r, i) -> w, "(Array<T>, Int) -> T";
    now array_make(i, w) -> r, "(Int, T) -> Array<T>";
    // A copy with slot i changed
    now array_with(r, i, w) -> r, "(Array<T>, Int, T) -> Array<T>";
    // A copy with one more slot at position i
    now array_insert(r, i, w) -> r, "(Array<T>, Int, T) -> Array<T>";
    // A copy without slot i
    now array_remove(r, i) -> r, "(Array<T>, Int) -> Array<T>";
    // Hash tries: from hashes to leaves, objects whose first word is their hash; the empty trie is the immediate 0
    now trie_find(r, i) -> r, "(T, Int) -> T";
    now trie_put(r, r) -> r, "(T, T) -> T";
    now trie_remove(r, i) -> r, "(T, Int) -> T";
    // Trie, number of entries, bound of their places: the entries by place
    now trie_entries(r, i, i) -> r, "(T, Int, Int) -> Array<T>";
    // Overwrites a body word of an object of this process's heap with an equivalent value: for what is computed once on demand
    now object_memo(r, i, r) -> u, "(T, Int, U) -> ()";
    // Writes into an array that nobody else has seen yet
    now array_fill_slot(r, i, w) -> u, "(Array<T>, Int, T) -> ()";
    // ---- Processes (forms have entries of their own)
    now pid_id(i) -> i, "(Pid<M>) -> ProcessId";
    now process_id_number(i) -> i, "(ProcessId) -> Int";
    now process_id_text(i) -> r, "(ProcessId) -> String";
    now monitor_ref_number(i) -> i, "(MonitorRef) -> Int";
    now process_link(i) -> u, "(ProcessId) -> ()";
    now process_unlink(i) -> u, "(ProcessId) -> ()";
    now process_monitor(i) -> i, "(ProcessId) -> MonitorRef";
    now process_demonitor(i) -> u, "(MonitorRef) -> ()";
    now process_exit(i, r) -> u, "(ProcessId, ExitReason) -> ()";
    now process_trap_exit(i) -> u, "(Bool) -> ()";
    now process_alive(i) -> i, "(ProcessId) -> Bool";
    now process_list() -> r, "() -> List<ProcessId>";
    now process_unregister(r) -> u, "(String) -> ()";
    now process_registered() -> r, "() -> List<String>";
    // In a test: the crash of this process is expected; its text when it has come already
    now test_expect_crash(i) -> r, "(ProcessId) -> Option<String>";
    wait process_yield() -> u, "() -> ()";
    // (status, mailbox length, heap bytes, stack bytes, links, monitors, messages received, name)
    now process_info(i) -> r, "(ProcessId) -> Option<(String, Int, Int, Int, Int, Int, Int, String)>";
    wait process_sleep(i) -> u, "(Int) -> ()";
    // Why this process ends, while its `terminate` part runs
    now process_ending() -> r, "() -> ExitReason";
    // The next process that this one spawns is its own: it ends with this one, but not the other way round
    now spawn_owned() -> u, "() -> ()";
    // The next process that this one spawns may have so many bytes of heap
    now spawn_bounded(i) -> u, "(Int) -> ()";
    // The next process that this one spawns watches that one, from before anything that this one sends it later
    now spawn_watching(i) -> i, "(ProcessId) -> MonitorRef";
    // This process is a supervisor from now on; gives what it is linked with, which is what started it
    now supervision_begin() -> r, "() -> List<ProcessId>";
    // A child is about to be started: what is spawned now is linked from its first instruction on
    now child_start() -> u, "() -> ()";
    // The child was started: what else was spawned meanwhile is as it was asked for
    now child_started(i) -> u, "(ProcessId) -> ()";
    // [strategy, restart kind, whether the end was clean, index, children, restarts in the period, most] -> [], [first, end] or [-1]
    now supervision_verdict(r) -> r, "(List<Int>) -> List<Int>";
    now timer_cancel(i) -> i, "(Int) -> Bool";
    // ---- Output, input, environment
    wait output_write(r) -> u, "(String) -> ()";
    wait error_write(r) -> u, "(String) -> ()";
    // true: what is printed from now on is kept back; false: what was kept back since then, which the latest true began
    now output_capture(i) -> r, "(Bool) -> String";
    wait output_write_bytes(r) -> u, "(Bytes) -> ()";
    // Writes out what waits
    wait output_flush() -> u, "() -> ()";
    now output_is_terminal() -> i, "() -> Bool";
    // A line without its break; None at the end; the error is the system's text
    wait input_line() -> r, "() -> Result<Option<Bytes>, String>";
    // At most so many bytes, at least one unless it is the end; the error is the system's text
    wait input_bytes(i) -> r, "(Int) -> Result<Bytes, String>";
    // level 0 trace to 4 error, module, file:line, text, fields (name, text, whether the text is a number or Bool)
    now log_write(i, r, r, r, r) -> u, "(Int, String, String, String, List<(String, String, Bool)>) -> ()";
    now log_enabled(i, r) -> i, "(Int, String) -> Bool";
    // level 5 is none; the module "" means all
    now log_set_level(i, r) -> u, "(Int, String) -> ()";
    now log_set_json(i) -> u, "(Bool) -> ()";
    // A file to append to; "" for standard error
    wait log_to(r) -> r, "(String) -> Result<(), (Int, String)>";
    // Fields of every later line of this process and of those that it spawns
    now log_set_context(r) -> u, "(List<(String, String, Bool)>) -> ()";
    now env_get(r) -> r, "(String) -> Option<String>";
    // Those whose name and value are text
    now env_all() -> r, "() -> List<(String, String)>";
    now env_args() -> r, "() -> List<String>";
    now os_pid() -> i, "() -> Int";
    now os_exit(i) -> n, "(Int) -> Never";
    now os_stop(i) -> u, "(Int) -> ()";
    now os_hostname() -> r, "() -> String";
    now os_name() -> r, "() -> String";
    now os_arch() -> r, "() -> String";
    now os_cpu_count() -> i, "() -> Int";
    // None when it is gone or its name is not text
    now os_cwd() -> r, "() -> Option<String>";
    // ---- Clock and chance
    // Nanoseconds since an arbitrary moment
    now clock_monotonic_ns() -> i, "() -> Int";
    // Milliseconds since 1970
    now clock_system_ms() -> i, "() -> Int";
    // Nanoseconds since 1970
    now clock_system_ns() -> i, "() -> Int";
    now random_int() -> i, "() -> Int";
    // Gives this process a generator of its own that begins with a number
    now random_seed(i) -> u, "(Int) -> ()";
    now random_bytes(i) -> r, "(Int) -> Bytes";
    // ---- Calendar, UTC; moments are (seconds since 1970, nanoseconds 0 to 999999999)
    // year, month, day of the month, and weekday (1 Monday), day of the year, ISO week; the calendar's ends stand for what lies beyond
    now calendar_date(i) -> r, "(Int) -> (Int, Int, Int)";
    now calendar_week(i) -> r, "(Int) -> (Int, Int, Int)";
    // The seconds at which a day of the calendar begins, if there is such a day: year, month, day
    now calendar_day(i, i, i) -> r, "(Int, Int, Int) -> Option<Int>";
    // RFC 3339 or ISO 8601 with an offset; Err(true) for one out of range
    now calendar_parse(r) -> r, "(String) -> Result<(Int, Int), Bool>";
    // By the letters of strftime; the error says what is wrong
    now calendar_format(i, i, r) -> r, "(Int, Int, String) -> Result<String, String>";
    now calendar_parse_format(r, r) -> r, "(String, String) -> Result<(Int, Int), String>";
    // ---- JSON
    // The parts of a text in order, (kind, number, text): 0 null, 1 Bool, 2 Int, 3 Float by its bits, 4 String, 5 array of so many values,
    // 6 object of so many keys and values. The error is (line, column, text); line 0: nested too deeply
    wait json_parse(r) -> r, "(String) -> Result<List<(Int, Int, String)>, (Int, Int, String)>";
    // With quotes
    now json_escape(r) -> r, "(String) -> String";
    // ---- Files; errors are (kind, text): 0 NotFound, 1 Denied, 2 Exists, 3 IsDirectory, 4 NotDirectory, 5 NotEmpty, 6 NotUtf8, 7 TooLarge, 8 NoSpace, 9 Closed, 10 Other
    wait file_read(r, i) -> r, "(String, Int) -> Result<Bytes, (Int, String)>";
    wait file_write(r, r, i) -> r, "(String, Bytes, Bool) -> Result<(), (Int, String)>";
    // Bytes at an offset, at most so many; empty at the end
    wait file_read_at(r, i, i) -> r, "(String, Int, Int) -> Result<Bytes, (Int, String)>";
    wait file_size(r) -> r, "(String) -> Result<Int, (Int, String)>";
    wait file_kind(r) -> i, "(String) -> Int";
    wait file_delete(r) -> r, "(String) -> Result<(), (Int, String)>";
    // With all that is in it; follows no links
    wait file_delete_all(r) -> r, "(String) -> Result<(), (Int, String)>";
    wait file_copy(r, r) -> r, "(String, String) -> Result<(), (Int, String)>";
    wait file_rename(r, r) -> r, "(String, String) -> Result<(), (Int, String)>";
    // A new file, synced, renamed over the path
    wait file_replace(r, r) -> r, "(String, Bytes) -> Result<(), (Int, String)>";
    // size, kind as in file_kind, mode, and (seconds, nanoseconds) of the last change and of the last access
    wait file_info(r) -> r, "(String) -> Result<(Int, Int, Int, ((Int, Int), (Int, Int))), (Int, String)>";
    // What the path itself is: 0 to 3 as in file_kind, 4 a link
    wait file_link_kind(r) -> i, "(String) -> Int";
    wait file_set_mode(r, i) -> r, "(String, Int) -> Result<(), (Int, String)>";
    // A second name for a file: original, name, whether symbolic
    wait file_link(r, r, i) -> r, "(String, String, Bool) -> Result<(), (Int, String)>";
    // A file or directory that goes when the process ends
    wait file_temporary(i) -> r, "(Bool) -> Result<String, (Int, String)>";
    wait dir_list(r) -> r, "(String) -> Result<List<String>, (Int, String)>";
    wait dir_create(r) -> r, "(String) -> Result<(), (Int, String)>";
    // ---- Nodes; errors are (kind, text), see std's NodeError
    // name, cookie, [flags (1 hidden, 2 no spawn), heartbeat ms, connect timeout ms, max message, send buffer], join, listen
    wait node_start(r, r, r, r, r) -> r, "(String, String, List<Int>, List<String>, List<(String, String)>) -> Result<(), (Int, String)>";
    wait node_stop() -> u, "() -> ()";
    wait node_connect(r) -> r, "(String) -> Result<(), (Int, String)>";
    now node_disconnect(r) -> u, "(String) -> ()";
    now node_self() -> r, "() -> String";
    now node_list() -> r, "() -> List<String>";
    wait node_ping(r) -> r, "(String) -> Result<Int, (Int, String)>";
    now node_monitor(r) -> i, "(String) -> MonitorRef";
    now node_demonitor(i) -> u, "(MonitorRef) -> ()";
    // "key=value" lines
    now node_stats() -> r, "() -> List<(String, List<(String, Int)>)>";
    // ---- Names and groups of all nodes
    // (0 done, 1 taken, 2 ended, 3 lost, 4 late, 5 too long; the process)
    wait global_register(r, i) -> r, "(String, ProcessId) -> (Int, ProcessId)";
    wait global_unregister(r) -> u, "(String) -> ()";
    now global_names() -> r, "() -> List<String>";
    now group_join(r, i) -> u, "(String, ProcessId) -> ()";
    now group_leave(r, i) -> u, "(String, ProcessId) -> ()";
    now group_monitor(r) -> i, "(String) -> MonitorRef";
    now group_demonitor(i) -> u, "(MonitorRef) -> ()";
        }
    };
}

macro_rules! define {
    ($($mode:ident $name:ident($($param:tt),*) -> $result:tt, $scheme:literal;)*) => {
        /// A primitive; its number is its place in the table.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u16)]
        pub enum Primitive { $(#[doc = $scheme] $name),* }

        /// All primitives, in table order.
        pub const ALL: &[Primitive] = &[$(Primitive::$name),*];

        static ROWS: &[Row] = &[$(Row {
            name: stringify!($name),
            waits: matches!(stringify!($mode).as_bytes(), b"wait"),
            params: &[$($crate::operand!($param)),*],
            result: $crate::operand!($result),
            scheme: $scheme,
        }),*];
    };
}
for_each_primitive!(define);

impl Primitive {
    /// The row of the table.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The primitive that std writes as `Native.name`.
    pub fn by_name(name: &str) -> Option<Primitive> {
        ALL.iter().copied().find(|p| p.row().name == name)
    }

    /// Its index in the entry table.
    pub fn entry_index(self) -> usize {
        crate::entries::Entry::COUNT + self as usize
    }
}

/// Number of result registers a row uses.
pub fn result_class(row: &Row, generic: Class) -> Option<Class> {
    match row.result {
        Operand::Word(class) => Some(class),
        Operand::Generic => Some(generic),
        Operand::Unit | Operand::Never => None,
    }
}
