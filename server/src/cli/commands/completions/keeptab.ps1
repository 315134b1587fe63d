# Completion of keeptab in PowerShell: keeptab completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName keeptab -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = $commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() }
    keeptab complete "--begun=$wordToComplete" -- @before 2>$null | Where-Object { $_.StartsWith($wordToComplete) } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
