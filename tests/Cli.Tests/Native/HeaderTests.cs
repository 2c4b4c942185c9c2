using System.IO;
using System.Linq;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Native;

/// <summary>Generated headers in strict compilers of C and C++.</summary>
public sealed class HeaderTests
{
    [ToolFact("gcc", "g++")]
    public void Headers_of_all_models_compile_as_C99_and_Cpp11_with_the_layout_of_the_library()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["."]);
        NativeInterface[] all = Directory.GetDirectories(Path.Combine(Repository.Root, "models", "small"))
            .Select(static path => Path.Combine(path, "model.onnx"))
            .Where(static path => File.Exists(path))
            .Order()
            .Select(Compile)
            .Where(static n => n is not null)
            .ToArray()!;
        all.Length.ShouldBeGreaterThan(20);
        foreach (NativeInterface native in all)
        {
            File.WriteAllText(folder[$"{native.Name}.h"], CHeaderWriter.Write(native));
        }

        // Two structures of the same size in C and in what the library gives; all headers in one program.
        string includes = string.Concat(all.Select(static n => $"#include \"{n.Name}.h\"\n"));
        string sizes = string.Concat(all.Select(static n =>
            $"typedef char {n.Name}_info_has_its_size[sizeof({n.Name}_info_t) == {new NativeInformation(n).ToBytes().Length} ? 1 : -1];\n"));
        File.WriteAllText(folder["all.c"], $"{includes}{includes}{sizes}int main(void) {{ return 0; }}\n");
        Tools.Run("gcc", ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", folder["all.c"]]);
        Tools.Run("g++", ["-x", "c++", "-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", folder["all.c"]]);
    }

    private static NativeInterface? Compile(string path)
    {
        string name = CNames.Library(Path.GetFileName(Path.GetDirectoryName(path)!));
        CompilerOptions options = new()
        {
            ModelName = name,
            Native = new NativeOptions(),
            Isa = TargetIsa.TryParse("x86-64-v3")!,
            Dimensions = name == "shape_arithmetic" ? OptionParser.Dimensions("height=2..10;width=14") : OptionParser.Dimensions(string.Empty),
        };
        return ModelCompiler.Compile(ModelFile.Read(path), ExternalDataSource.ForModel(path), options).Code?.Native;
    }
}
