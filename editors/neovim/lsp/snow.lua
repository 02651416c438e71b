return {
  cmd = { "snow", "lsp" },
  filetypes = { "snow" },
  root_markers = { "snow.toml", "main.snow", ".git" },
}
