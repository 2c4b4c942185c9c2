using System;
using System.Globalization;
using System.IO;
using System.Linq;
using AotCompiler.Integration.Tests.Support;
using Shouldly;

namespace AotCompiler.Integration.Tests;

/// <summary>The packed package in projects that publish with NativeAOT.</summary>
[Collection(PackageCollection.Name)]
public sealed class NativeAotTests(PackageFeed feed)
{
    private const int MaxProgramBytes = 1_600_000;

    /// <summary>What a program may keep resident beside weights and arena: code, runtime, stacks, the caller's arrays.</summary>
    private const int MaxResidentBytes = 6 << 20;

    /// <summary>Writes the peak of the resident memory into a file.</summary>
    private const string WritePeak = """
        foreach (string line in System.IO.File.ReadAllLines("/proc/self/status"))
        {
            if (line.StartsWith("VmHWM:", System.StringComparison.Ordinal)) { System.IO.File.WriteAllText("peak", line); }
        }
        """;

    private static readonly string[] _allowedLibraries = ["linux-vdso", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "ld-linux"];

    [Fact]
    public void ProgramIsSmallAndNeedsOnlyTheCLibrary()
    {
        var project = new UserProject(feed, "native", framework: "net9.0");
        project.Property("PublishAot", "true").Property("TreatWarningsAsErrors", "true").Property("InvariantGlobalization", "true");
        project.SmallModel("external-data").SmallModel("mlp-large");
        project.WriteReferenceData("external-data");
        project.WriteReferenceData("mlp-large");
        project.Code(UserProject.Program(UserProject.Runner("native.ExternalData", "external-data", 1, 1, "a"), UserProject.Runner("native.MlpLarge", "mlp-large", 1, 1, "b"), WritePeak));
        project.Publish("-r", UserProject.HostRid).ShouldSucceedWithoutComplaint();
        string program = Path.Combine(project.Folder, "bin", "Release", "net9.0", UserProject.HostRid, "publish", "native");
        project.ShouldAnswer(program, [], "external-data", "mlp-large");

        long weights = Directory.GetFiles(Path.Combine(project.Folder, "obj", "Release", "net9.0", UserProject.HostRid, "aotc"), "*.dll").Sum(static file => new FileInfo(file).Length);
        new FileInfo(program).Length.ShouldBeLessThan(MaxProgramBytes + weights);

        // Both models work in less than a page of arena.
        long peak = 1024 * long.Parse(File.ReadAllText(Path.Combine(project.Folder, "peak")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        peak.ShouldBeLessThan(MaxResidentBytes + weights);
        Shell.Run(project.Folder, "ldd", program).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldAllBe(static line => _allowedLibraries.Any(library => line.Contains(library, StringComparison.Ordinal)));
    }

    [Fact]
    public void LibraryExportsTheFunctionsOfItsHeaders()
    {
        var project = new UserProject(feed, "native-library", framework: "net9.0", outputType: "Library");
        project.Property("PublishAot", "true").Property("TreatWarningsAsErrors", "true").Property("InvariantGlobalization", "true");
        project.SmallModel("mlp", "NativeExports=\"true\" NativeName=\"small_mlp\"").SmallModel("activations", "NativeExports=\"true\"").SmallModel("pooling");
        project.Publish("-r", UserProject.HostRid).ShouldSucceedWithoutComplaint();
        string published = Path.Combine(project.Folder, "bin", "Release", "net9.0", UserProject.HostRid, "publish");
        Directory.GetFiles(Path.Combine(published, "include")).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ShouldBe(["activations.h", "small_mlp.h"]);
        string library = Path.Combine(published, "native-library.so");
        nint handle = System.Runtime.InteropServices.NativeLibrary.Load(library);
        foreach (string function in new[] { "small_mlp_run", "small_mlp_info", "small_mlp_error", "activations_run" })
        {
            System.Runtime.InteropServices.NativeLibrary.TryGetExport(handle, function, out _).ShouldBeTrue(function);
        }

        System.Runtime.InteropServices.NativeLibrary.TryGetExport(handle, "pooling_run", out _).ShouldBeFalse();

        // The next build has nothing to do and keeps the headers.
        project.Build("-c", "Release", "-r", UserProject.HostRid).ShouldSucceedWithoutComplaint();
        File.Exists(Path.Combine(project.Folder, "bin", "Release", "net9.0", UserProject.HostRid, "include", "small_mlp.h")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "", "avx2,fma,bmi,bmi2,lzcnt,popcnt,movbe", false)]
    [InlineData("v4", "", "avx512f", false)]
    [InlineData("native", "", "native", false)]
    [InlineData("baseline", "", "", false)]
    [InlineData("", "sse4.2", "sse4.2", true)]
    [InlineData("v4", "avx2", "avx2", true)]
    [InlineData("baseline", "sse4.2", "sse4.2", false)]
    public void InstructionSetComesFromThePackageUnlessTheProjectChooses(string isa, string own, string expected, bool warns)
    {
        var project = new UserProject(feed, $"isa-{isa}-{own}", framework: "net9.0");
        project.Property("PublishAot", "true").Property("AotCompilerIsa", isa).Property("IlcInstructionSet", own).SmallModel("elementwise");
        ShellResult result = project.Dotnet(
            "msbuild", "-nologo", "-restore", "-t:AotCompilerCheckInstructionSet", "-getProperty:IlcInstructionSet", "-p:RuntimeIdentifier=linux-x64");
        result.ShouldSucceed().Output.ShouldContain(expected);
        result.Output.Contains("AOTC0403", StringComparison.Ordinal).ShouldBe(warns, result.Output);
    }
}
