/** The icon on tabs of the extension's own views. Documents have theirs by their language, in package.json. */

import * as vscode from "vscode";

let media: vscode.Uri | undefined;

/** Sets the location of the extension's own files. */
export function useIcons(extension: vscode.Uri): void {
  media = vscode.Uri.joinPath(extension, "media");
}

/** Gives a view its icon. */
export function setIcon(panel: vscode.WebviewPanel, name: "timesheet" | "paper"): void {
  if (media) {
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, `${name}-light.svg`),
      dark: vscode.Uri.joinPath(media, `${name}-dark.svg`),
    };
  }
}
