using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using Shouldly;
using Xunit.Abstractions;

namespace AotCompiler.Conformance.Tests;

/// <summary>
/// The operators' plain evaluation against the ONNX conformance suite: every case whose operators, types and attributes are
/// supported. To run those of one operator: <c>dotnet test tests/Conformance.Tests --filter DisplayName~test_clip</c>.
/// </summary>
public sealed class NodeConformanceTests
{
    private const string Absent = "(the suite is absent)";

    /// <summary>Relative tolerance of floats; half precision has eight thousand times coarser steps than single.</summary>
    private const double Relative = 1e-4;
    private const double Absolute = 1e-5;
    private const double HalfRelative = 2e-3;

    /// <summary>Cases whose expected values the suite writes with four digits.</summary>
    private static readonly string[] _rounded = ["test_averagepool_2d_ceil_last_window_starts_on_pad", "test_roialign_aligned_false", "test_roialign_aligned_true", "test_gridsample_bicubic"];

    private readonly ITestOutputHelper _output;

    public NodeConformanceTests(ITestOutputHelper output)
    {
        _output = output;
    }

    public static TheoryData<string> Cases() =>
        NodeSuite.Root is null ? new TheoryData<string>(Absent) : new TheoryData<string>(NodeSuite.All.Where(static c => c.SkipReason is null).Select(static c => c.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Interpreter(string name)
    {
        if (name == Absent)
        {
            _output.WriteLine("skipped: the conformance suite is neither in ../shared nor where AOTC_SHARED points");
            return;
        }

        NodeCase test = NodeSuite.Get(name);
        test.Failure.ShouldBeNull();
        Graph graph = test.Import();
        foreach (string dataSet in test.DataSets())
        {
            IReadOnlyList<Tensor> inputs = test.ReadInputs(dataSet, graph);
            IReadOnlyList<Tensor> expected = NodeCase.ReadOutputs(dataSet, graph);
            IReadOnlyList<Tensor> actual = GraphInterpreter.Run(graph, inputs);
            for (int i = 0; i < expected.Count; i++)
            {
                if (graph.IsRandom)
                {
                    // No generator is specified.
                    (actual[i].Type, actual[i].Shape).ShouldBe((expected[i].Type, expected[i].Shape));
                    continue;
                }

                AssertClose(actual[i], expected[i], _rounded.Contains(name) ? 1e-3 : Relative, graph.Outputs[i].Name);
            }
        }
    }

    /// <summary>Lists what is refused, with the reason, so that a gap is seen and not overlooked.</summary>
    [Fact]
    public void ListsWhatIsSkipped()
    {
        foreach (NodeCase test in NodeSuite.All.Where(static c => c.SkipReason is not null))
        {
            _output.WriteLine($"{test.Name}: {test.SkipReason}");
        }

        _output.WriteLine($"{NodeSuite.All.Count(static c => c.SkipReason is null)} of {NodeSuite.All.Count} cases run");
    }

    private static void AssertClose(Tensor actual, Tensor expected, double relative, string what)
    {
        actual.Type.ShouldBe(expected.Type, what);
        actual.Shape.ShouldBe(expected.Shape, what);
        relative = expected.Type is ElementType.Float16 or ElementType.BFloat16 ? HalfRelative : relative;
        for (int i = 0; i < expected.Shape.ElementCount; i++)
        {
            double a = ElementEvaluation.Read(actual, i);
            double e = ElementEvaluation.Read(expected, i);
            bool close = a.Equals(e) || (expected.Type.IsFloat() && Math.Abs(a - e) <= Absolute + (relative * Math.Abs(e)));
            if (!close)
            {
                throw new ShouldAssertException($"{what}: element {i} of {expected.Shape} is {a:R}, expected {e:R}");
            }
        }
    }
}
