// Starts `snow lsp` and lets the editor talk to it.

const { commands, workspace, window } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const command = workspace.getConfiguration("snow").get("path") || "snow";
  client = new LanguageClient(
    "snow",
    "Snow",
    { command, args: ["lsp"] },
    { documentSelector: [{ language: "snow" }] },
  );
  try {
    await client.start();
  } catch (problem) {
    client = undefined;
    window.showErrorMessage(
      `Snow: cannot start \`${command} lsp\`: ${problem.message}. Set snow.path to the snow command.`,
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function activate(context) {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(commands.registerCommand("snow.restart", restart));
  await start();
}

module.exports = { activate, deactivate: stop };
