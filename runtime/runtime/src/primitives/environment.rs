//! Arguments, environment, the process of the operating system.

use crate::call::{Call, Crash, Never};
use snow_heap::Value;

impl<'p> Call<'p> {
    pub(super) fn env_get(&mut self, name: Value<'p>) -> Value<'p> {
        match std::env::var(self.text_of(name)) {
            Ok(text) => {
                let text = self.text(&text);
                self.some(text)
            }
            Err(_) => self.none(),
        }
    }

    pub(super) fn env_all(&mut self) -> Value<'p> {
        let variables: Vec<_> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .map(|(name, value)| {
                let pair = [self.text(&name), self.text(&value)];
                self.tuple(&pair)
            })
            .collect();
        self.list(variables.into_iter())
    }

    pub(super) fn env_args(&mut self) -> Value<'p> {
        let arguments = &self.runtime().config.arguments;
        self.text_list(arguments.iter())
    }

    pub(super) fn os_pid(&mut self) -> i64 {
        i64::from(std::process::id())
    }

    pub(super) fn os_hostname(&mut self) -> Value<'p> {
        let name = hostname();
        self.text(&name)
    }

    pub(super) fn os_name(&mut self) -> Value<'p> {
        self.text(std::env::consts::OS)
    }

    pub(super) fn os_arch(&mut self) -> Value<'p> {
        self.text(std::env::consts::ARCH)
    }

    pub(super) fn os_cpu_count(&mut self) -> i64 {
        std::thread::available_parallelism().map_or(1, |count| count.get() as i64)
    }

    pub(super) fn os_cwd(&mut self) -> Value<'p> {
        match std::env::current_dir().ok().and_then(|path| path.into_os_string().into_string().ok()) {
            Some(path) => {
                let path = self.text(&path);
                self.some(path)
            }
            None => self.none(),
        }
    }

    /// The program ends in order, with a status of one byte.
    pub(super) fn os_stop(&mut self, status: i64) {
        self.runtime().begin_shutdown((status & 0xFF) as i32);
    }

    /// The whole program ends with a status of one byte; the calling process does nothing more.
    pub(super) fn os_exit(&mut self, status: i64) -> Result<Never, Crash> {
        self.runtime().stop((status & 0xFF) as i32);
        Err(self.end())
    }
}

/// The name of this machine, up to the first byte that is not text.
fn hostname() -> String {
    let mut name = [0u8; 256];
    // SAFETY: the system writes at most as many bytes as the buffer has.
    let failed = unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len()) } != 0;
    let end = if failed { 0 } else { name.iter().position(|&byte| byte == 0).unwrap_or(name.len()) };
    String::from_utf8_lossy(&name[..end]).into_owned()
}
