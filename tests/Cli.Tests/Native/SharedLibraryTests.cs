using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Native;

/// <summary>Shared libraries in the programs of others: the samples, and programs that do what one should not.</summary>
/// <remarks>Needs the SDK, a linker and the package feed.</remarks>
public sealed class SharedLibraryTests(SharedLibrary library) : IClassFixture<SharedLibrary>
{
    private const string Million = "1000000";

    private static readonly string[] Strict = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];

    private static string Samples => Path.Combine(Repository.Root, "samples", "Native");

    private static string[] Pictures => Directory.GetFiles(Path.Combine(Samples, "pictures"), "*.pgm").Order(StringComparer.Ordinal).ToArray();

    [ToolFact("gcc", "pkg-config", "make")]
    public void The_C_sample_builds_with_pkg_config()
    {
        string source = Copy("c");
        Tools.Run("make", [], source, Environment()).ShouldNotContain("warning");
        AllAnswersAreRight(Tools.Run(Path.Combine(source, "read-digits"), Pictures));
    }

    [ToolFact("gcc", "cmake")]
    public void The_C_sample_builds_with_CMake() => AllAnswersAreRight(Tools.Run(BuildWithCMake("c"), Pictures));

    [ToolFact("gcc")]
    public void Bench_times_it_beside_the_model_and_compares_the_bits()
    {
        string path = Path.Combine(library.Folder, "lib", "libdigits.so");
        JsonElement report = CliRun.Of("bench", Repository.Model("digits", "digits.onnx"), "--isa", "x86-64-v3", "--runs", "5", "--library", path, "--json").Succeeded().Json;
        JsonElement timed = report.GetProperty("libraries").EnumerateArray().ShouldHaveSingleItem();
        timed.GetProperty("sameBits").GetBoolean().ShouldBeTrue();
        timed.GetProperty("isa").GetString().ShouldBe("x86-64-v3");
    }

    [ToolFact("gcc")]
    public void Bench_refuses_a_library_of_another_model() => CliRun.Of(
        "bench", Repository.SmallModel("matrices"), "--runs", "5", "--library", Path.Combine(library.Folder, "lib", "libdigits.so")).Failed(ExitCode.Failure, "other inputs or outputs");

    [ToolFact("g++", "cmake")]
    public void The_Cpp_sample_builds_with_CMake() => AllAnswersAreRight(Tools.Run(BuildWithCMake("cpp"), Pictures));

    [ToolFact("gcc", "g++", "cmake", "nm")]
    public void The_samples_run_with_a_static_library_that_needs_nothing()
    {
        string folder = library.PathOf("static");
        CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", folder, "--kind", "static").Succeeded();
        Tools.Run("nm", ["-u", Path.Combine(folder, "lib", "libdigits.a")]).ShouldNotContain(" U ");
        AllAnswersAreRight(Tools.Run(BuildWithCMake("c", folder), Pictures));
        AllAnswersAreRight(Tools.Run(BuildWithCMake("cpp", folder), Pictures));
    }

    [ToolFact("gcc")]
    public void A_million_runs_without_a_runtime_take_not_a_byte()
    {
        string folder = library.PathOf("checks-static");
        CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", folder, "--kind", "static", "--isa", "x86-64-v3").Succeeded();
        Passes(Tools.Run(Compile("digits-checks.c", "static-checks", folder), [Million, "0"]));
    }

    [ToolFact("gcc")]
    [Trait("Category", "Long")]
    public void A_million_runs_with_the_runtime_leak_nothing() =>
        Passes(Tools.Run(Compile("digits-checks.c", "million-checks", library.Folder), [Million]));

    [ToolTheory("gcc")]
    [InlineData("static", "none")]
    [InlineData("shared", "none")]
    public void Sizes_and_indices_out_of_range_are_errors(string kind, string runtime) => CheckRows(kind, runtime);

    [ToolFact("gcc")]
    [Trait("Category", "Long")]
    public void Sizes_and_indices_out_of_range_are_errors_with_the_runtime() => CheckRows("shared", "dotnet");

    [ToolFact("gcc")]
    public void Two_static_libraries_work_in_one_program()
    {
        string first = library.PathOf("two-first");
        string second = library.PathOf("two-second");
        CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", first, "--kind", "static").Succeeded();
        CliRun.Of("build", Repository.SmallModel("mlp"), "-o", second, "--kind", "static", "--name", "second", "--weights", "caller").Succeeded();
        string program = Compile("two-models.c", "two-static", first, second);
        Tools.Run(program, [Path.Combine(second, "lib", "second.weights")]).Trim().Split(' ').Length.ShouldBe(2);
    }

    [ToolFact(Tools.NumPy)]
    public void The_Python_sample_runs() => AllAnswersAreRight(Tools.Run(
        Tools.NumPy,
        ["-B", Path.Combine(Samples, "python", "digits.py"), Path.Combine(library.Folder, "lib", "libdigits.so"), .. Pictures]));

    [ToolFact("gcc", "pkg-config")]
    public void Misuse_gives_errors_and_runs_leak_nothing()
    {
        string program = Compile("digits-checks.c", "digits-checks", library.Folder);
        Passes(Tools.Run(program, []));
    }

    [ToolFact("gcc", "pkg-config")]
    public void Two_models_work_in_one_program_with_weights_inside_or_from_a_file()
    {
        string second = library.Build(Repository.SmallModel("mlp"), "second", "--name", "second", "--weights", "caller");
        string program = Compile("two-models.c", "two-models", library.Folder, second);
        Tools.Run(program, [Path.Combine(second, "lib", "second.weights")]).Trim().Split(' ').Length.ShouldBe(2);
    }

    [Fact]
    public void Another_folder_gives_the_same_bytes()
    {
        string model = library.PathOf("digits.onnx");
        File.Copy(Repository.Model("digits", "digits.onnx"), model, overwrite: true);
        string other = library.Build(model, "again", "--keep", library.PathOf("the project of another folder"));
        string[] files = Files(other);
        files.ShouldBe(Files(library.Folder));
        files.ShouldContain("include/digits.h");
        files.Where(file => !File.ReadAllBytes(Path.Combine(other, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(library.Folder, file)))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("class")]
    [InlineData("a b")]
    [InlineData("stdio")]
    public void A_name_that_C_does_not_take_is_refused(string name)
    {
        using var folder = new TestFolder();
        CliRun.Of("build", folder.AddModel(), "-o", folder["out"], "--kind", "shared", "--name", name).Failed(ExitCode.Usage, "AOTC0401");
        Directory.Exists(folder["out"]).ShouldBeFalse();
    }

    /// <summary>y = x[indices] + 1 with as many rows in x as each run says, 2 at least.</summary>
    private void CheckRows(string kind, string runtime)
    {
        string model = library.PathOf("rows.onnx");
        File.WriteAllBytes(model, new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["n", 2L])
            .Input("indices", OnnxDataType.Int64, [3])
            .Initializer("one", [1], 1f)
            .Node("Add", ["x", "one"], ["more"])
            .Node("Gather", ["more", "indices"], ["y"])
            .Output("y")
            .ToBytes());
        string folder = library.PathOf($"rows-{kind}-{runtime}");
        CliRun.Of("build", model, "-o", folder, "--kind", kind, "--runtime", runtime, "--dim", "n=2..16").Succeeded();
        Passes(Tools.Run(Compile("rows-checks.c", $"rows-checks-{kind}-{runtime}", folder), []));
    }

    private static void Passes(string output) => output.TrimEnd().ShouldEndWith("all checks passed");

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)
        .ToArray();

    private static void AllAnswersAreRight(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(10);
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i].ShouldContain($"digit-{i}-");
            lines[i].ShouldContain($": {i} (");
        }
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["PKG_CONFIG_PATH"] = Path.Combine(library.Folder, "lib", "pkgconfig"),
    };

    private string Copy(string sample)
    {
        string target = Directory.CreateDirectory(library.PathOf($"sample-{sample}-{Guid.NewGuid():N}")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(Samples, sample)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }

    private string BuildWithCMake(string sample, string? folder = null)
    {
        folder ??= library.Folder;
        string build = library.PathOf($"cmake-{sample}-{Path.GetFileName(folder)}");
        Tools.Run("cmake", ["-S", Path.Combine(Samples, sample), "-B", build, $"-DCMAKE_PREFIX_PATH={folder}", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON"]);
        Tools.Run("cmake", ["--build", build]);
        return Path.Combine(build, "read-digits");
    }

    /// <summary>Compiles a program of this folder against libraries.</summary>
    private string Compile(string source, string name, params string[] folders)
    {
        string program = library.PathOf(name);
        IEnumerable<string> flags = folders.SelectMany(static f => new[]
        {
            $"-I{Path.Combine(f, "include")}", $"-L{Path.Combine(f, "lib")}", $"-Wl,-rpath,{Path.Combine(f, "lib")}",
        });
        IEnumerable<string> libraries = folders.Select(static f => $"-l{Path.GetFileNameWithoutExtension(Directory.GetFiles(Path.Combine(f, "include")).Single())}");
        string path = Path.Combine(Repository.Root, "tests", "Cli.Tests", "Native", "Programs", source);
        Tools.Run("gcc", [.. Strict, "-D_GNU_SOURCE", "-o", program, path, .. flags, .. libraries, "-lpthread"]);
        return program;
    }
}
