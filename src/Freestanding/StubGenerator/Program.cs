using System;
using System.Globalization;
using System.IO;
using AotCompiler.Freestanding.StubGenerator;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: StubGenerator FILE");
    return 2;
}

File.WriteAllText(args[0], new StubWriter().Write());
return 0;
