Bprod_outer_and_innerJT=dÍ;Œ˜8Scù;eñ¼õ†¸ÊÖ·ˆw½ı A;Šº<<vt=ì
òºôçk½o—;½‘ˆ7Wˆ¸©zp9¿àÜ¾ä91¶=@±ğ½0î=