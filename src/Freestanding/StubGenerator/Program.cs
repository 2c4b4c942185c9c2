using System;
using System.Globalization;
using System.IO;
using System.Reflection;
using AotCompiler.Freestanding.StubGenerator;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: StubGenerator SOURCE KEY");
    return 2;
}

File.WriteAllText(args[0], new StubWriter().Write());

// The public key by which assemblies refer to the framework's System.Runtime.
File.WriteAllBytes(args[1], Assembly.Load("System.Runtime").GetName().GetPublicKey()!);
return 0;
