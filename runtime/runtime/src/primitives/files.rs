//! Files and directories, through the pool.

mod system;

use crate::call::{Call, Wait};
use snow_heap::{SharedText, Value};
use system::Failure;

impl<'p> Call<'p> {
    /// A path for work outside the process.
    fn path(&self, path: Value<'p>) -> String {
        self.text_of(path).to_owned()
    }

    /// `Ok` of what the work gave, or `Err((kind, text))`.
    fn file_result<T>(
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
        let done = self.blocking(|call| {
            let path = call.path(path);
            move || system::delete(&path)
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
