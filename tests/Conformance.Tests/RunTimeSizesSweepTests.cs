using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Conformance;
using AotCompiler.Cli.Data;
using AotCompiler.Compiler;
using Shouldly;
using Xunit.Abstractions;

namespace AotCompiler.Conformance.Tests;

/// <summary>The cases of the ONNX conformance suite with free dimensions: what is not refused must be right.</summary>
public sealed class RunTimeSizesSweepTests
{
    /// <summary>A case of every family of kernels that has met free dimensions the wrong way once.</summary>
    private static readonly string[] _representative =
    [
        "test_attention_3d_causal", "test_einsum_batch_matmul", "test_eyelike_with_dtype", "test_gather_elements_negative_indices", "test_group_normalization_example",
        "test_rms_normalization_2d_axis1_expanded", "test_scan9_sum", "test_string_concat", "test_shape_start_greater_than_end", "test_lrn", "test_split_to_sequence_nokeepdims",
    ];

    private readonly ITestOutputHelper _output;

    public RunTimeSizesSweepTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void RepresentativeCasesGiveNoWrongResult() => Sweep(c => _representative.Contains(c.Name)).ShouldBeEmpty();

    [Fact]
    [Trait("Category", "Sweep")]
    public void WholeSuiteGivesNoWrongResult() => Sweep(static _ => true).ShouldBeEmpty();

    /// <summary>Lines of what is wrong; what is refused goes to the output.</summary>
    private List<string> Sweep(Func<ConformanceCase, bool> wanted)
    {
        var wrong = new List<string>();
        if (NodeSuite.Root is null)
        {
            _output.WriteLine("skipped: the conformance suite is neither in ../shared nor where AOTC_SHARED points");
            return wrong;
        }

        IEnumerable<SizeVariant> variants = ConformanceSuite.Find(NodeSuite.Root, null).Cases.Where(wanted).SelectMany(Variants);
        int passed = RunTimeSizesSweep.Run(variants, HostVectors.Narrow(TargetIsa.TryParse("auto")!), line =>
        {
            _output.WriteLine(line);
            if (line.StartsWith("WRONG", StringComparison.Ordinal))
            {
                wrong.Add(line);
            }
        });
        _output.WriteLine($"{passed} variants are right");
        return wrong;
    }

    private static IEnumerable<SizeVariant> Variants(ConformanceCase test)
    {
        ModelSource source = ModelSource.Read(test.ModelPath);
        var inputs = new ModelInputs(source.Onnx);
        TestDataSet data = TestDataSet.Find(test.ModelPath, inputs, null)[0];
        return RunTimeSizesSweep.Variants(test.Name, source.Onnx, inputs.Match(data.ReadInputs(), data.Name));
    }
}
