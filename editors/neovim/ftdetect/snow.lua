vim.filetype.add({ extension = { snow = "snow" } })
