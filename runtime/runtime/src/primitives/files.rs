//! Files and directories, through the pool.

mod changes;
mod system;

use crate::call::{Call, Wait};
use snow_heap::{SharedText, Value};
use std::sync::Arc;
pub(super) use system::{Failure, named};

impl<'p> Call<'p> {
    /// A path for work outside the process.
    fn path(&self, path: Value<'p>) -> String {
        self.text_of(path).to_owned()
    }

    /// `Ok` of what the work gave, or `Err((kind, text))`.
    pub(super) fn file_result<T>(
        &mut self,
        done: Wait<Result<T, Failure>>,
        value: impl FnOnce(&mut Self, T) -> Value<'p>,
    ) -> Wait<Value<'p>> {
        let Wait::Ready(result) = done else { return Wait::Suspend };
        Wait::Ready(match result {
            Ok(given) => {
                let given = value(self, given);
                self.ok(given)
            }
            Err(failure) => {
                let (kind, text) = (self.int(failure.kind), self.text(&failure.text));
                let pair = self.tuple(&[kind, text]);
                self.err(pair)
            }
        })
    }

    fn whole(&mut self, bytes: SharedText) -> Value<'p> {
        let len = bytes.bytes().len();
        self.shared(bytes, 0, len)
    }

    pub(super) fn file_read(&mut self, path: Value<'p>, bytes_max: i64) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || system::read(&path, bytes_max)
        });
        self.file_result(done, Self::whole)
    }

    pub(super) fn file_write(&mut self, path: Value<'p>, bytes: Value<'p>, append: i64) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let (path, bytes) = (call.path(path), call.bytes_of(bytes).to_vec());
            move || system::write(&path, &bytes, append != 0)
        });
        self.file_result(done, |call, ()| call.unit())
    }

    pub(super) fn file_read_at(&mut self, path: Value<'p>, offset: i64, bytes_max: i64) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || system::read_at(&path, offset, bytes_max)
        });
        self.file_result(done, Self::whole)
    }

    pub(super) fn file_size(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || system::size(&path)
        });
        self.file_result(done, |call, size| call.int(size))
    }

    /// 0 nothing there, 1 a file, 2 a directory, 3 something else.
    pub(super) fn file_kind(&mut self, path: Value<'p>) -> Wait<i64> {
        self.blocking(|call| {
            let path = call.path(path);
            move || system::kind(&path)
        })
    }

    /// A file, a link, or an empty directory.
    pub(super) fn file_delete(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        self.file_change([path], |[path]| system::delete(&path))
    }

    pub(super) fn file_delete_all(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        self.file_change([path], |[path]| changes::delete_all(&path))
    }

    pub(super) fn file_copy(&mut self, path: Value<'p>, to: Value<'p>) -> Wait<Value<'p>> {
        self.file_change([path, to], |[path, to]| changes::copy(&path, &to))
    }

    pub(super) fn file_rename(&mut self, path: Value<'p>, to: Value<'p>) -> Wait<Value<'p>> {
        self.file_change([path, to], |[path, to]| changes::rename(&path, &to))
    }

    pub(super) fn file_link(
        &mut self,
        path: Value<'p>,
        name: Value<'p>,
        is_symbolic: i64,
    ) -> Wait<Value<'p>> {
        self.file_change([path, name], move |[path, name]| changes::link(&path, &name, is_symbolic != 0))
    }

    pub(super) fn file_set_mode(&mut self, path: Value<'p>, mode: i64) -> Wait<Value<'p>> {
        self.file_change([path], move |[path]| changes::set_mode(&path, mode))
    }

    pub(super) fn file_replace(&mut self, path: Value<'p>, bytes: Value<'p>) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let (path, bytes) = (call.path(path), call.bytes_of(bytes).to_vec());
            move || changes::replace(&path, &bytes)
        });
        self.file_result(done, |call, ()| call.unit())
    }

    /// 0 to 3 as in `file_kind`, 4 a link.
    pub(super) fn file_link_kind(&mut self, path: Value<'p>) -> Wait<i64> {
        self.blocking(|call| {
            let path = call.path(path);
            move || changes::link_kind(&path)
        })
    }

    pub(super) fn file_info(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || changes::facts(&path)
        });
        self.file_result(done, |call, facts| {
            let moments = [facts.changed, facts.read].map(|(seconds, nanos)| {
                let pair = [call.int(seconds), call.int(nanos)];
                call.tuple(&pair)
            });
            let [bytes, kind, mode] = [facts.bytes, facts.kind, facts.mode].map(|number| call.int(number));
            let moments = call.tuple(&moments);
            call.tuple(&[bytes, kind, mode, moments])
        })
    }

    /// It belongs to the process before the work is over, so that it is not left behind by one that ends meanwhile.
    pub(super) fn file_temporary(&mut self, is_directory: i64) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let temporaries = Arc::clone(&call.runtime().temporaries);
            let process = call.process();
            let owner = process.pid();
            process.figures.named.store(1, std::sync::atomic::Ordering::SeqCst);
            move || {
                let (text, path) = changes::temporary(is_directory != 0)?;
                temporaries.note(owner, path);
                Ok(text)
            }
        });
        self.file_result(done, |call, path: String| call.text(&path))
    }

    /// Work that gives nothing, with texts for it.
    fn file_change<const N: usize>(
        &mut self,
        paths: [Value<'p>; N],
        work: impl FnOnce([String; N]) -> Result<(), Failure> + Send + 'static,
    ) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let paths = paths.map(|path| call.path(path));
            move || work(paths)
        });
        self.file_result(done, |call, ()| call.unit())
    }

    pub(super) fn dir_list(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || system::list(&path)
        });
        self.file_result(done, |call, names| call.text_list(names.iter()))
    }

    pub(super) fn dir_create(&mut self, path: Value<'p>) -> Wait<Value<'p>> {
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || system::create_dir(&path)
        });
        self.file_result(done, |call, ()| call.unit())
    }
}
