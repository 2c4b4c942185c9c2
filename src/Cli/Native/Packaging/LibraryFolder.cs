using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;

namespace AotCompiler.Cli.Native.Packaging;

/// <summary>
/// A folder as C and C++ projects expect one: <c>include/</c>, <c>lib/</c>, and in there what CMake's <c>find_package</c> and
/// pkg-config read. Nothing in it names another place, so that it can be moved; static and shared libraries of a model share it.
/// </summary>
internal static class LibraryFolder
{
    /// <summary>Writes a library into a folder, beside what is there of other libraries.</summary>
    /// <param name="folder">The folder; it is made if it does not exist.</param>
    /// <param name="result">The model.</param>
    /// <param name="files">What was built.</param>
    /// <param name="target">Operating system and processor, such as <c>linux-x64</c>.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Paths of the written files, relative to the folder; the library first.</returns>
    public static IReadOnlyList<string> Write(string folder, CompilationResult result, IReadOnlyList<string> files, string target, CancellationToken cancellation)
    {
        NativeInterface native = result.Code!.Native!;
        var written = new List<string>();
        foreach (string file in files)
        {
            written.Add(Path.Combine("lib", Path.GetFileName(file)));
            Directory.CreateDirectory(Path.Combine(folder, "lib"));
            File.Copy(file, Path.Combine(folder, written[^1]), overwrite: true);
        }

        if (native.TakesWeights)
        {
            written.Add(Path.Combine("lib", native.WeightsFile));
            using FileStream stream = File.Create(Path.Combine(folder, written[^1]));
            WeightBlobWriter.Write(result.Plan!, result.Code.Hash, stream, progress: null, cancellation);
        }

        foreach ((string path, string text) in Texts(native, target))
        {
            string full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text, SourceFile.Encoding);
            written.Add(path);
        }

        return written;
    }

    private static IEnumerable<(string Path, string Text)> Texts(NativeInterface native, string target)
    {
        string cmake = Path.Combine("lib", "cmake", native.Name);
        yield return (Path.Combine("include", $"{native.Name}.h"), CHeaderWriter.Write(native));
        yield return (Path.Combine(cmake, $"{native.Name}Config.cmake"), CMakePackage.Config(native.Name, target));
        yield return (Path.Combine(cmake, $"{native.Name}ConfigVersion.cmake"), CMakePackage.Version());
        yield return (Path.Combine("lib", "pkgconfig", $"{native.Name}.pc"), PkgConfig(native));
    }

    private static string PkgConfig(NativeInterface native) => $$"""
        prefix=${pcfiledir}/../..
        includedir=${prefix}/include
        libdir=${prefix}/lib

        Name: {{native.Name}}
        Description: The ONNX model {{NameSanitizer.Comment(native.ModelName)}}, compiled by AotCompiler
        Version: {{ModelEmitter.CompilerVersion}}
        Cflags: -I${includedir}
        Libs: -L${libdir} -l{{native.Name}}

        """.ReplaceLineEndings("\n");
}
