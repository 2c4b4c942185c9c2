using System;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Kernels;

/// <summary>
/// How Rᵀ lies in panels of 16 units. Packed constants are one stream per group of gates that are multiplied together,
/// [⌈H/16⌉, H, gates, 16], which is read from one end to the other; weights of the run are [gates, ⌈H/16⌉, H, 16].
/// </summary>
/// <param name="IsStream">True for packed constants.</param>
internal sealed record RecurrentPanels(bool IsStream)
{
    /// <summary>Elements in front of a group of gates.</summary>
    public long Start(RecurrentForm form, GateGroup gates) => gates.First * PanelsOfGate(form);

    /// <summary>Elements from one block of units to the next.</summary>
    public long BlockStride(RecurrentForm form, GateGroup gates) => (long)form.Hidden * Layout.BlockSize * (IsStream ? gates.Count : 1);

    /// <summary>Elements from one gate to the next.</summary>
    public long GateStride(RecurrentForm form) => IsStream ? Layout.BlockSize : PanelsOfGate(form);

    /// <summary>Elements from one term to the next.</summary>
    public long TermStride(GateGroup gates) => Layout.BlockSize * (IsStream ? gates.Count : 1);

    /// <summary>Packs R [D, gates · H, H] of a direction as streams.</summary>
    public static Tensor Pack(Tensor source, RecurrentForm form, int direction)
    {
        int blocks = Layout.BlockCount(form.Hidden);
        var shape = new Shape(form.Gates * blocks, form.Hidden, Layout.BlockSize);
        return Tensor.LazyFloats(shape, $"GateStreams[R{direction}/{string.Join("+", form.GateGroups)}]({source.Recipe})", () =>
        {
            ReadOnlySpan<float> weights = source.Floats();
            var panels = new float[shape.ElementCount];
            int at = 0;
            foreach (GateGroup gates in form.GateGroups)
            {
                for (int block = 0; block < blocks; block++)
                {
                    for (int term = 0; term < form.Hidden; term++)
                    {
                        for (int gate = gates.First; gate < gates.First + gates.Count; gate++, at += Layout.BlockSize)
                        {
                            int first = block * Layout.BlockSize;
                            int row = (direction * form.GateRows) + (gate * form.Hidden) + first;
                            for (int lane = 0; lane < Math.Min(Layout.BlockSize, form.Hidden - first); lane++)
                            {
                                panels[at + lane] = weights[((row + lane) * form.Hidden) + term];
                            }
                        }
                    }
                }
            }

            return panels;
        });
    }

    private static long PanelsOfGate(RecurrentForm form) => (long)Layout.BlockCount(form.Hidden) * form.Hidden * Layout.BlockSize;
}
