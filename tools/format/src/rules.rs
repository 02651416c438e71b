//! The rules, a file for each family of forms.

mod bindings;
mod blocks;
mod branches;
mod chains;
mod lines;
mod lists;
