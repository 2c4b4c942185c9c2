using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Turns means and variances of channels, in place, into what brings groups of neighbouring channels to mean 0 and deviation 1:
/// the group's mean, and scale / √(variance + ε). The variance of a group is the mean of its channels' ones and of the squares
/// of their means around the group's.
/// </summary>
internal sealed class ChannelFactorsStep : Step
{
    private readonly TensorView _mean;
    private readonly TensorView _variance;
    private readonly TensorView _scale;
    private readonly int _batch;
    private readonly int _channels;
    private readonly int _members;
    private readonly double _epsilon;

    /// <param name="node">The node it belongs to.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="members">Channels of a group.</param>
    /// <param name="epsilon">Is added to variances.</param>
    /// <param name="scale">A factor for each channel, dense.</param>
    /// <param name="mean">Means, [N, C, 1…] in blocks of channels.</param>
    /// <param name="variance">Variances, of the same layout; become factors.</param>
    public ChannelFactorsStep(Node node, int channels, int members, double epsilon, TensorView scale, TensorView mean, TensorView variance)
        : base(node, $"{node.Name} factors")
    {
        _batch = mean.Shape[0];
        _channels = channels;
        _members = members;
        _epsilon = epsilon;
        _scale = scale;
        _mean = mean;
        _variance = variance;
    }

    public override IReadOnlyList<TensorView> Reads => new[] { _scale, _mean, _variance };

    public override IReadOnlyList<TensorView> Writes => new[] { _mean, _variance };

    public override string Kernel => $"factors of {_channels / _members} groups of {_members} channels";

    public override string Summary => $"{Node!.Operator.Name}: each channel's mean and scale / √(variance + ε), in groups of {_members}";

    /// <summary>Floats from one sample to the next: whole blocks lie behind each other, so that channels of a sample do too.</summary>
    private long Sample => _mean.Layout.Strides[0];

    public override IEnumerable<string> Explain(Simd simd)
    {
        yield return "Channels of a sample lie behind each other, one float each.";
    }

    public override void Emit(StepWriter writer)
    {
        string scale = writer.Pointer(_scale, "scale", _scale.Describe());
        string mean = writer.Pointer(_mean, "mean", _mean.Describe());
        string variance = writer.Pointer(_variance, "variance", _variance.Describe());
        using (writer.For("n", _batch))
        using (writer.For("g", _channels, _members))
        {
            writer.Line($"float* m = {mean} + (n * {Sample}L) + g;");
            writer.Line($"float* v = {variance} + (n * {Sample}L) + g;");
            if (_members == 1)
            {
                writer.Line($"*v = {scale}[g] / {Root("*v")};");
                return;
            }

            EmitGroup(writer, scale);
        }
    }

    private void EmitGroup(StepWriter writer, string scale)
    {
        writer.Line("float center = 0;");
        using (writer.For("c", _members))
        {
            writer.Line("center += m[c];");
        }

        writer.Line($"center /= {_members};");
        writer.Line("float spread = 0;");
        using (writer.For("c", _members))
        {
            writer.Line("spread += v[c] + ((m[c] - center) * (m[c] - center));");
        }

        writer.Line($"float root = {Root($"(spread / {_members})")};");
        using (writer.For("c", _members))
        {
            writer.Line("m[c] = center;");
            writer.Line($"v[c] = {scale}[g + c] / root;");
        }
    }

    private string Root(string variance) => $"global::System.MathF.Sqrt({variance} + {Literal.Of((float)_epsilon)})";
}
