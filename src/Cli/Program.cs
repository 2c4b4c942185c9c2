using System;
using AotCompiler.Cli.CommandLine;

return Application.Run(args, new Terminal(Console.Out, Console.Error));
