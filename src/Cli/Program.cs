using System;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Commands;

Application.UseInvariantCulture();

// The verb that builds call is apart from those for people: it reads a file that MSBuild wrote, and starts at once.
return args is [PackCommand.Name, .. string[] rest]
    ? PackCommand.Run(rest, Console.Error)
    : Application.Run(args, new Terminal(Console.Out, Console.Error));
