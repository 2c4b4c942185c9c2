using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Integration.Tests.Support;
using Shouldly;

namespace AotCompiler.Integration.Tests;

/// <summary>C libraries that a project asks for by properties, built by the packed package.</summary>
[Collection(PackageCollection.Name)]
public sealed class NativeLibraryTests(PackageFeed feed)
{
    private const string Skipping = "Skipping target \"AotCompilerBuildLibraries\"";

    /// <summary>A program of two models, one from each library.</summary>
    private const string CProgram = """
        #include <stdalign.h>
        #include <stdio.h>
        #include <small_mlp.h>
        #include <matrices.h>

        static alignas(64) unsigned char arena[SMALL_MLP_ARENA_SIZE + 64];
        static float x[SMALL_MLP_FEATURES_LENGTH], y[SMALL_MLP_PROBABILITIES_LENGTH];

        int main(void)
        {
            const small_mlp_inputs inputs = { x };
            small_mlp_outputs outputs = { y };
            int error = small_mlp_run(&inputs, &outputs, arena);
            printf("%s %s\n", small_mlp_error(error), matrices_info()->model_name);
            return error;
        }
        """;

    private string Tool => Path.Combine(feed.Folder, "packages", "aotcompiler", feed.Version, "tools", "net10.0", "any", "aotc.dll");

    [Fact]
    public void ProjectMakesLibrariesForSeveralTargetsAndMakesThemOnce()
    {
        UserProject project = Project("libraries", "linux-x64:x86-64-v3;linux-arm64;none-armv7em");
        string first = project.Build().ShouldSucceedWithoutComplaint().Output;
        string native = Path.Combine(project.Folder, "bin", "Debug", "net10.0", "native");
        Files(Path.Combine(native, "linux-arm64")).ShouldBe(Library("small_mlp", "lib/libsmall_mlp.a", "lib/small_mlp.o"));
        Files(Path.Combine(native, "none-armv7em")).ShouldBe(Library("small_mlp", "lib/libsmall_mlp.a", "lib/small_mlp.o"));
        Files(Path.Combine(native, "linux-x64")).ShouldBe(
            Library("small_mlp", "lib/libsmall_mlp.a", "lib/small_mlp.o").Concat(Library("matrices", "lib/libmatrices.so")).Order(StringComparer.Ordinal));
        Products(first).ShouldBe(7, first);

        // What was built works, and is what the command line builds.
        project.Write("main.c", System.Text.Encoding.UTF8.GetBytes(CProgram));
        string library = Path.Combine(native, "linux-x64");
        Shell.Run(project.Folder, "gcc", "-o", "program", "main.c", $"-I{library}/include", $"{library}/lib/libsmall_mlp.a", $"{library}/lib/libmatrices.so", $"-Wl,-rpath,{library}/lib").ShouldSucceed();
        Shell.Run(project.Folder, Path.Combine(project.Folder, "program")).ShouldSucceed().Output.Trim().ShouldBe("success matrices");
        Shell.Run(project.Folder, "dotnet", "exec", Tool, "build", "models/mlp/mlp.onnx", "-o", "by-hand", "--name", "small_mlp", "--kind", "static", "--isa", "x86-64-v3").ShouldSucceed();
        File.ReadAllBytes(Path.Combine(project.Folder, "by-hand", "lib", "libsmall_mlp.a")).ShouldBe(File.ReadAllBytes(Path.Combine(library, "lib", "libsmall_mlp.a")));

        // Nothing changed: the machine-code compiler does not run.
        ShellResult again = project.Build().ShouldSucceedWithoutComplaint();
        again.Output.ShouldContain(Skipping);
        Products(again.Output).ShouldBe(0, again.Output);

        // One more target is one more run; a changed model is built again for each.
        UserProject more = Project("libraries", "linux-x64:x86-64-v3;linux-arm64;none-armv7em;linux-arm");
        Products(more.Build().ShouldSucceedWithoutComplaint().Output).ShouldBe(2);
        File.SetLastWriteTimeUtc(Path.Combine(project.Folder, "models", "matrices", "matrices.onnx"), DateTime.UtcNow);
        Products(more.Build().ShouldSucceedWithoutComplaint().Output).ShouldBe(1);

        more.Publish("--no-build", "-c", "Debug").ShouldSucceedWithoutComplaint();
        Files(Path.Combine(project.Folder, "bin", "Debug", "net10.0", "publish", "native", "linux-arm")).ShouldContain("lib/libsmall_mlp.a");
        more.Dotnet("clean", "-nologo").ShouldSucceed();
        File.Exists(Path.Combine(native, "linux-x64", "lib", "libsmall_mlp.a")).ShouldBeFalse();
    }

    [Fact]
    public void BudgetsAndWrongOptionsFailTheBuild()
    {
        var project = new UserProject(feed, "limits", outputType: "Library");
        project.Property("AotCompilerNativeKind", "static").Property("AotCompilerNativeTargets", "linux-x64;none-armv7em").Property("AotCompilerNativeBudgetMs", "10;none-armv7em=0.01").SmallModel("cnn-residual");
        ShellResult slow = project.Build();
        slow.ExitCode.ShouldNotBe(0);
        slow.Complaints[0].ShouldContain("error AOTC0408: A run is estimated to take");
        slow.Complaints[0].ShouldContain("a Cortex-M4 at 168 MHz, the budget is 0.01 ms");
        slow.Output.ShouldContain("multiply-adds");

        ShellResult large = project.Dotnet("build", "-nologo", "-p:AotCompilerNativeTargets=linux-x64", "-p:AotCompilerBudgetKb=8");
        large.ExitCode.ShouldNotBe(0);
        large.Complaints[0].ShouldContain("error AOTC0408: libcnn_residual.a has ");
        large.Output.ShouldContain("multiply-adds");

        ShellResult unknown = project.Dotnet("build", "-nologo", "-p:AotCompilerNativeTargets=linux-z80");
        unknown.ExitCode.ShouldNotBe(0);
        unknown.Complaints[0].ShouldContain("error AOTC0409: There is no code without a runtime for linux-z80. Known targets are linux-x64");
    }

    [Fact]
    [Trait("Category", "Long")]
    public void SharedLibraryWithTheRuntimeIsBuiltTheSameWay()
    {
        var project = new UserProject(feed, "with-runtime", outputType: "Library");
        project.Property("AotCompilerNativeKind", "shared;static").SmallModel("mlp");
        project.Build("-c", "Release").ShouldSucceedWithoutComplaint();
        string native = Path.Combine(project.Folder, "bin", "Release", "net10.0", "native", UserProject.HostRid);
        Files(native).ShouldBe(Library("mlp", "lib/libmlp.a", "lib/libmlp.so"));
        nint handle = System.Runtime.InteropServices.NativeLibrary.Load(Path.Combine(native, "lib", "libmlp.so"));
        System.Runtime.InteropServices.NativeLibrary.TryGetExport(handle, "mlp_run", out _).ShouldBeTrue();
    }

    private UserProject Project(string name, string targets) => new UserProject(feed, name, outputType: "Library")
        .Property("AotCompilerNativeTargets", targets)
        .SmallModel("mlp", "NativeKind=\"static;object\" NativeName=\"small_mlp\"")
        .SmallModel("matrices", "NativeKind=\"shared\" NativeRuntime=\"none\" NativeTargets=\"linux-x64\"");

    /// <summary>Libraries that a build says it has made.</summary>
    private static int Products(string output) => output.Split('\n').Count(static line => line.Contains(" -> ", StringComparison.Ordinal) && line.Contains(" bytes, ", StringComparison.Ordinal));

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file))
        .Order(StringComparer.Ordinal)
        .ToArray();

    private static IEnumerable<string> Library(string name, params string[] libraries) => libraries
        .Concat([$"include/{name}.h", $"lib/cmake/{name}/{name}Config.cmake", $"lib/cmake/{name}/{name}ConfigVersion.cmake", $"lib/pkgconfig/{name}.pc"])
        .Order(StringComparer.Ordinal);
}
