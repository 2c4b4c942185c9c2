using System;
using System.IO;

namespace AotCompiler.Integration.Tests.Support;

/// <summary>Packs the package once per run, under a version of its own, into a feed that only this run's projects use.</summary>
public sealed class PackageFeed : IDisposable
{
    public PackageFeed()
    {
        Folder = Directory.CreateTempSubdirectory("aotc-integration-").FullName;
        Version = $"0.0.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}";
        Shell.Run(
            Repository.Root, "dotnet", "pack", "src/Generator", "-c", Repository.Configuration, "-o", Path.Combine(Folder, "feed"), $"-p:PackageVersion={Version}", "-nologo")
            .ShouldSucceedWithoutComplaint();

        // Other packages come from the user's own cache, this one never does.
        string userCache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(Folder, "NuGet.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(Folder, "packages")}" /></config>
              <fallbackPackageFolders><add key="user" value="{userCache}" /></fallbackPackageFolders>
              <packageSources><add key="aotc-integration" value="{Path.Combine(Folder, "feed")}" /></packageSources>
            </configuration>
            """);
    }

    /// <summary>Parent of all temporary projects.</summary>
    public string Folder { get; }

    public string Version { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackageFeed>
{
    public const string Name = "package";
}
