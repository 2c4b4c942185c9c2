using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Native;
using AotCompiler.Diagnostics;

namespace AotCompiler.Cli.Commands;

/// <summary>
/// <c>aotc native REQUEST</c>: what the package's build targets call to make a model's C libraries for one target, exactly as
/// <c>aotc build</c> does.
/// </summary>
/// <remarks>
/// The request is a <see cref="RequestFile"/> with <c>modelRequest</c> (the file that <see cref="PackCommand"/> reads), <c>folder</c>
/// (for <c>include/</c> and <c>lib/</c>), <c>record</c>, <c>project</c>, <c>packageFolders</c>, <c>target</c>, <c>kind</c>,
/// <c>runtime</c>, <c>budgetMs</c> and <c>budgetKb</c>. The record is written last, so that a build can compare its age; it lists the
/// files that were written.
/// </remarks>
internal static class NativeCommand
{
    public const string Name = "native";

    /// <summary>Runs the command. Errors are printed in the form that MSBuild recognises.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        if (BuildVerb.Read(Name, arguments, NativeRequest.Read, error) is not { } request)
        {
            return ExitCode.Usage;
        }

        try
        {
            Build(request, output, cancellation);
            return ExitCode.Success;
        }
        catch (ModelException e)
        {
            return BuildVerb.Fail(error, request.Model, e.Diagnostic.Code, e.Diagnostic.Message);
        }
        catch (CommandException e)
        {
            return BuildVerb.Fail(error, request.Model, e.Code ?? DiagnosticCodes.LibraryNotBuilt, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return BuildVerb.Fail(error, request.Model, DiagnosticCodes.LibraryNotBuilt, e.Message);
        }
    }

    private static void Build(NativeRequest request, TextWriter output, CancellationToken cancellation)
    {
        File.Delete(request.Record);
        if (Directory.Exists(request.Folder))
        {
            Directory.Delete(request.Folder, recursive: true);
        }

        // Warnings are the generator's to tell, which compiles the model too; tables of budgets are shown.
        NativeOrder order = request.ToOrder();
        IReadOnlyList<NativeProduct> products = new NativeBuilder(new Terminal(output, TextWriter.Null)).Build(order, cancellation);
        foreach (NativeProduct product in products)
        {
            output.WriteLine(string.Format(
                CultureInfo.InvariantCulture,
                "{0} -> {1} ({2:#,0} bytes, {3}, {4}{5})",
                order.Source.Title,
                Path.Combine("native", order.Target, Path.GetRelativePath(order.Folder, product.Path)),
                new FileInfo(product.Path).Length,
                order.Target,
                product.Result.Code!.Native!.IsaName,
                product.Framework is { } framework ? $", built with {framework}" : ", without a runtime"));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(request.Record)!);
        File.WriteAllLines(request.Record, products.SelectMany(static p => p.Files).Distinct());
    }
}
