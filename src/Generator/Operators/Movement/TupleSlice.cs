using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Movement;

/// <summary>
/// Constant index tuples that are a slice of the indexed axes, written out one by one: exporters write an assignment to a slice,
/// <c>x[:, 2:, ::2] = u</c>, as ScatterND.
/// </summary>
internal static class TupleSlice
{
    /// <summary>The slices of the indexed axes that the tuples walk through in row-major order; null if they are anything else.</summary>
    /// <param name="indices">Tuples [.., n] in range, of which negative numbers count from the end.</param>
    /// <param name="data">Shape of the data.</param>
    public static IReadOnlyList<AxisSlice>? Find(Tensor indices, Shape data)
    {
        int rank = indices.Shape.Rank - 1;
        int length = indices.Shape[rank];
        long[] values = indices.ToInt64Array();
        if (values.Length == 0 || length == 0)
        {
            return null;
        }

        int At(int tuple, int axis) => IndexInputs.Normalize(values[(tuple * length) + axis], data[axis]);
        int[] counts = Enumerable.Range(0, rank).Select(i => indices.Shape[i]).ToArray();
        int next = 0;
        var slices = new AxisSlice[length];
        for (int axis = 0; axis < length; axis++)
        {
            slices[axis] = new AxisSlice(axis, At(0, axis), 1, 1);
            while (next < rank && counts[next] == 1)
            {
                next++;
            }

            // Number of tuples from one value of the next dimension to the following one.
            int distance = counts.Skip(next + 1).Aggregate(1, static (a, b) => a * b);
            if (next < rank && At(distance, axis) - At(0, axis) is > 0 and int step)
            {
                slices[axis] = new AxisSlice(axis, At(0, axis), counts[next++], step);
            }
        }

        return counts.Skip(next).All(static c => c == 1) && Enumerable.Range(0, values.Length / length).All(tuple => IsAt(tuple)) ? slices : null;

        bool IsAt(int tuple)
        {
            int position = tuple;
            for (int axis = length - 1; axis >= 0; axis--)
            {
                AxisSlice slice = slices[axis];
                if (At(tuple, axis) != slice.Start + (position % slice.Count * slice.Step))
                {
                    return false;
                }

                position /= slice.Count;
            }

            return true;
        }
    }
}
