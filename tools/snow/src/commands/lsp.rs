//! `snow lsp`: serves an editor.

use std::process::ExitCode;

/// Serves until the editor says that it is enough.
pub fn lsp() -> ExitCode {
    match snow_driver::on_deep_stack(snow_lsp::serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("snow: {problem}");
            ExitCode::FAILURE
        }
    }
}
