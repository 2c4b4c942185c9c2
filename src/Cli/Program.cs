using System;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Commands;

Application.UseInvariantCulture();

// The verbs that builds call are apart from those for people: they start at once.
return args switch
{
    [PackCommand.Name, .. string[] rest] => PackCommand.Run(rest, Console.Error),
    [NativeCommand.Name, .. string[] rest] => NativeCommand.Run(rest, Console.Out, Console.Error),
    [CheckSizeCommand.Name, .. string[] rest] => CheckSizeCommand.Run(rest, Console.Error),
    _ => Application.Run(args, new Terminal(Console.Out, Console.Error)),
};
