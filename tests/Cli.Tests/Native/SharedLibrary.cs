using System;
using System.IO;
using System.Linq;
using AotCompiler.Cli.Tests.Support;

namespace AotCompiler.Cli.Tests.Native;

/// <summary>The digit model as a shared library, built once for all tests.</summary>
public sealed class SharedLibrary : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Lazy<string> _built;

    public SharedLibrary() => _built = new Lazy<string>(() => Build(Repository.Model("digits", "digits.onnx"), "digits-built"));

    /// <summary>Its folder, which was moved after it was built.</summary>
    public string Folder => _moved ??= Move();

    /// <summary>A path in a temporary folder.</summary>
    public string PathOf(string name) => _folder[name];

    private string? _moved;

    /// <summary>Builds a shared library of a model.</summary>
    public string Build(string model, string name, params string[] options)
    {
        CliRun.Of(["build", model, "-o", _folder[name], "--kind", "shared", "--json", .. options]).Succeeded();
        return _folder[name];
    }

    public void Dispose() => _folder.Dispose();

    private string Move()
    {
        string folder = _folder["digits in another place"];
        Directory.Move(_built.Value, folder);
        return folder;
    }
}
