using System.Runtime.CompilerServices;
using AotCompiler.Import;

namespace AotCompiler.Tests.Support;

/// <summary>Lets the tests' models name the compiler's own operators.</summary>
internal static class InternalOperators
{
    [ModuleInitializer]
    internal static void Accept() => GraphImporter.AcceptsInternalOperators = true;
}
