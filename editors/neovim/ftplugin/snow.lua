vim.bo.commentstring = "# %s"
vim.bo.comments = "b:##!,b:##,b:#"
vim.bo.shiftwidth = 2
vim.bo.expandtab = true
vim.bo.suffixesadd = ".snow"
